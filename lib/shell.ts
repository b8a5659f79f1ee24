// Shell scripts are files of their own, checked and tested as such; a container is given their text.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The command that runs a script file in a container which does not have the file: `sh -c TEXT NAME ARGUMENTS...`. The text
 * is without the lines that are comments: `docker inspect` shows it, and an edited comment must not replace a container. (So a
 * script has no here-document with such lines in it.)
 * @param shell `bash` only where the image has it
 * @param folder of the script, `import.meta.dirname`
 * @param args what the script sees as `$1`, `$2` ...; shown by `docker inspect`, so never a secret
 */
export function scriptCommand(shell: "sh" | "bash", folder: string, file: string, args: string[] = []): string[] {
  return [shell, "-c", withoutComments(readFileSync(join(folder, file), "utf8")), file, ...args];
}

function withoutComments(script: string): string {
  const code = script.split("\n").filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  return code.join("\n");
}
