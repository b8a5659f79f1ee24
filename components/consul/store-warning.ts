// Whether Consul's store is the one that the tokens were made for: a snapshot that was restored brings back the tokens of its
// time, and Consul is well with them. Pure.

/** @param found what tokens.sh prints */
export function storeWarning(found: string): string | undefined {
  const names = found.split("\n").filter((name) => /^[a-z][a-z0-9_-]*$/.test(name));
  const refused = names.filter((name) => name !== "earlier");
  const what = [
    ...(refused.length > 0 ? [`it refuses the stack's token for ${refused.join(", ")}`] : []),
    ...(refused.length < names.length ? ["an earlier management token is valid"] : []),
  ];
  if (what.length === 0) return undefined;
  return (
    `tokens in its store differ from the stack's: ${what.join(", and ")}. A snapshot from before a renewal does that, and earlier tokens are valid again.\n` +
    "Put it right: npm run up -- --repair consul"
  );
}
