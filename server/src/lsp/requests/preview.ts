// The policy as the published document: in blocks for the view, whole for printing.
import { type RequestGroup, whole } from "../context.js";
import { core } from "../lazy.js";
import { PREVIEW, PREVIEW_PAGE, type PreviewParams, type PreviewResult } from "../protocol.js";

export const previewRequests: RequestGroup = {
  capabilities: () => ({}),
  register(context) {
    const { connection, requests, documents } = context;
    connection.onRequest(PREVIEW, requests("preview", null, ({ uri, conditions }: PreviewParams) =>
      whole(context, uri, (analysis): PreviewResult => ({ title: core().previewTitle(analysis), style: core().PREVIEW_STYLE, blocks: core().previewBlocks(analysis, { conditions }) }))));
    connection.onRequest(PREVIEW_PAGE, requests("preview page", null, async ({ uri, conditions }: PreviewParams) => {
      const analysis = await documents.read(uri);
      return analysis === undefined ? null : core().previewPage(analysis, { conditions });
    }));
  },
};
