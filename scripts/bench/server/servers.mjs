// The language servers the bench compares: how each is started, and what it is told about its settings.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { built, serverArguments } from '../ours.mjs';
import { policyOfLines } from '../policy-text.mjs';
import { jsonOfLines, yamlOfLines } from './documents.mjs';

const require = createRequire(import.meta.url);
const packageFile = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path);

// No schema is given and no schema store asked, so the peers check syntax alone, which is the least they can do.
export const servers = {
  ours: () => ({ args: serverArguments(), languageId: 'policy', extension: 'policy', document: policyOfLines }),
  'vscode-json': () => ({
    args: [packageFile('vscode-langservers-extracted', 'bin/vscode-json-language-server'), '--stdio'],
    languageId: 'json',
    extension: 'json',
    document: jsonOfLines,
    settings: { json: { validate: { enable: true } } },
    // Without these words it formats nothing.
    initializationOptions: { provideFormatter: true },
  }),
  yaml: () => ({
    args: [packageFile('yaml-language-server', 'bin/yaml-language-server'), '--stdio'],
    languageId: 'yaml',
    extension: 'yaml',
    document: yamlOfLines,
    settings: { yaml: { validate: true, hover: true, completion: true, format: { enable: true }, schemaStore: { enable: false }, kubernetesCRDStore: { enable: false } } },
  }),
};

export const available = () => Object.keys(servers).filter((name) => name !== 'ours' || built());
