/** A reference in the environment of an app, as its user writes it: a dollar sign, and the name in braces. */
export const reference = (name: string) => `\${${name}}`;
