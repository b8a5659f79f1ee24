// How an image is described: as plain data, because an image's name is a hash of its recipe. A recipe is
// `airgap/images/NAME/recipe.ts`, a stand-in's is in `airgap/standins/`; images/lib/assemble.ts makes an image of it.
/** Who owns a file or directory, and what anybody may do with it. */
export interface Owner {
  /** Permission bits, such as 0o1777. */
  readonly mode?: number;
  /** @default 0 */
  readonly uid?: number;
  /** @default 0 */
  readonly gid?: number;
}

/** A line of /etc/passwd, and one of /etc/group. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** The group's name. @default the user's */
  readonly group?: string;
  readonly home: string;
  /** @default /sbin/nologin */
  readonly shell?: string;
}

/** How a container of the image starts. The fields are those of the OCI image configuration. */
export interface StartConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** On top of PATH. In a value, `{version}` stands for the exact version. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default "" (root) */
  readonly user?: string;
  /** @default "/" */
  readonly workdir?: string;
  readonly volumes?: readonly string[];
  /** Such as `6379/tcp`. */
  readonly ports?: readonly string[];
  readonly stopSignal?: string;
}

/** Debian packages to unpack: exactly these, no dependency is followed. */
export interface PackageSet {
  readonly names: readonly string[];
  /** Paths to take, without leading slash. @default all but `drop`, and what images/lib/settings.ts leaves out anyway */
  readonly keep?: RegExp;
  /** Paths to leave out. */
  readonly drop?: readonly RegExp[];
}

/** A program to build from a Go module that is pinned by a go.mod and go.sum. */
export interface GoProgram {
  /** The folder with go.mod and go.sum, relative to the recipe's. */
  readonly module: string;
  /** The package to build, such as `github.com/caddyserver/caddy/v2/cmd/caddy`. */
  readonly package: string;
  /** What `-ldflags` gets besides images/lib/settings.ts' own. */
  readonly ldflags?: string;
  /** Path in the image. */
  readonly to: string;
  /** Path in the image of the licence text of the package's module. @default it is not shipped: the program is ours */
  readonly licenceTo?: string;
  /** Gives the program `cap_net_bind_service`: it may listen on ports below 1024 without being root. */
  readonly bindsLowPorts?: boolean;
}

/** A Python package from PyPI, for Debian's Python 3.11. */
export interface Wheel {
  /** As in the wheel's file name, such as `qdrant_edge_py`. */
  readonly distribution: string;
  /** The file that pins version and hashes, relative to the recipe's folder. */
  readonly requirements: string;
  /** The folder inside the wheel that is taken. */
  readonly package: string;
  /** Path in the image. */
  readonly to: string;
}

export interface Recipe {
  readonly name: string;
  /** The recipe's own folder. */
  readonly folder: string;
  /**
   * The version in the image's name. Of what comes from Debian it is the release line, because security updates come in
   * with every build; of what comes from Go modules it is exact.
   */
  readonly version: string;
  /** The Debian package whose version is the exact one. @default `version`, with `-standin` for a stand-in */
  readonly versionOfPackage?: string;
  /** For a stand-in: one sentence that says what it is and what it is not. A label, shown by `up` and by `status`. */
  readonly standIn?: string;
  /** Seconds that a first build takes on two cores, for the progress line. */
  readonly seconds: number;

  /** The directories that programs expect, and these users besides root and nobody. @default nothing but what is named here */
  readonly base?: { readonly users: readonly User[] };
  readonly program?: GoProgram;
  readonly packages?: PackageSet;
  readonly wheel?: Wheel;
  /** The certificates of the public authorities. @default false */
  readonly certificates?: boolean;
  /** Debian's busybox, with a link in /bin for each applet that is not there yet. @default false */
  readonly busybox?: boolean;
  /** Text to add to files of packages, by path. */
  readonly appended?: Readonly<Record<string, string>>;
  /** Symbolic links: path to target. */
  readonly links?: Readonly<Record<string, string>>;
  readonly directories?: Readonly<Record<string, Owner>>;
  /** Files, and folders with what is in them: path in the image to path in the recipe's folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly start: StartConfig;
}
