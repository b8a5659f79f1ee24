// Text from elsewhere in Markdown that is posted as a comment.

/** Keeps names from a pull request from becoming markup, mentions or links of the comment. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/\s+/g, " ")
      // What would turn the direction of reading, or hide something.
      .replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd")
      .replace(/[\\`*_{}[\]<>#|~]/g, "\\$&")
      .replace(/@(?=\w)/g, "@\u200b")
      .replace(/(https?):\/\//g, "$1:\u200b//")
  );
}
