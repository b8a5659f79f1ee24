// Splits a Caddyfile into tokens as Caddy's own lexer does (caddyconfig/caddyfile/lexer.go), as far as ours goes:
// words, "quoted" (only \" is an escape), `raw`, # comments. What the lexer would treat in another way is an error.

/** The tokens of each line that has any. */
export function caddyTokens(text: string): string[][] {
  if (text.includes("{$")) throw new Error("an environment variable would be put in before the file is read");
  return text.split("\n").flatMap((line) => {
    const tokens = lineTokens(line);
    return tokens.length > 0 ? [tokens] : [];
  });
}

function lineTokens(line: string): string[] {
  const tokens: string[] = [];
  let rest = line.trimStart();
  while (rest !== "" && !rest.startsWith("#")) {
    const found = /^"((?:\\"|[^"])*)"|^`([^`]*)`|^([^\s"`]\S*)/.exec(rest);
    if (!found) throw new Error(`a quote without an end: ${line}`);
    const [all, quoted, raw, word] = found;
    if (word?.startsWith("<<")) throw new Error(`a heredoc: ${line}`);
    // A backslash at the end of a word escapes what follows it.
    if (word?.endsWith("\\")) throw new Error(`an escape: ${line}`);
    tokens.push(quoted?.replaceAll('\\"', '"') ?? raw ?? (word as string));
    const after = rest.slice(all.length);
    if (after !== "" && !/^\s/.test(after)) throw new Error(`something behind a quote: ${line}`);
    rest = after.trimStart();
  }
  return tokens;
}
