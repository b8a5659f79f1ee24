// Debian's Python 3.11 without what a small server never imports.

export const pythonPackages = [
  "libexpat1",
  "libpython3.11-minimal",
  "libpython3.11-stdlib",
  "python3-yaml",
  "python3.11-minimal",
  "zlib1g",
];

/** Most of the standard library by size; and python3-yaml's parser in C, which would need one more library. */
export const unusedPython =
  /^usr\/lib\/python3(\.11)?\/(asyncio|concurrent|ctypes|curses|dbm|distutils|ensurepip|idlelib|lib2to3|multiprocessing|pydoc_data|sqlite3|tkinter|turtledemo|unittest|venv|wsgiref|xml|xmlrpc|config-)|_yaml\.|\/lib-dynload\/(?!_(json|socket|hashlib|uuid|struct|random|bisect|datetime))/;
