// Text from elsewhere in Markdown that is posted as a comment.

/** Keeps names from a pull request from becoming markup, mentions or links of the comment. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~]/g, "\\$&")
    .replace(/@(?=\w)/g, "@\u200b")
    .replace(/(https?):\/\//g, "$1:\u200b//");
}
