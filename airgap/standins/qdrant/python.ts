/** Debian's Python 3.11 without what a small server never imports. */

const packages = [
  "libexpat1",
  "libpython3.11-minimal",
  "libpython3.11-stdlib",
  "python3-yaml",
  "python3.11-minimal",
  "zlib1g",
];

/** Most of the standard library by size; python3-yaml's own parser in C, which would need one library more. */
const unused =
  /^usr\/lib\/python3(\.11)?\/(asyncio|concurrent|ctypes|curses|dbm|distutils|ensurepip|idlelib|lib2to3|multiprocessing|pydoc_data|sqlite3|tkinter|turtledemo|unittest|venv|wsgiref|xml|xmlrpc|config-)|_yaml\.|\/lib-dynload\/(?!_(json|socket|hashlib|uuid|struct|random|bisect|datetime))/;

export const python = { packages, keep: (path: string) => !unused.test(path) };
