// The libraries that letters are written with: Liquid for templates, markdown-it for pages. A bundle of their own.
export { Liquid } from "liquidjs";
export { default as MarkdownIt } from "markdown-it";
