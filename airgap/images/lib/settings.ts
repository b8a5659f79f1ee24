// What decides the content of every image besides its own recipe. All of it is part of every image's name.
export const builder = {
  /**
   * The number of the builder's format. Raise it by one when a change in this folder changes what images contain:
   * every image gets a new name, and the next `up` builds them and replaces the containers. A test notices that they
   * changed (test/airgap/images/format.test.ts).
   */
  format: 1,

  /**
   * The time that every image and every file in it bears, so that the same content gives the same layer. Set it to
   * today to build the images anew with the security updates that Debian has made since.
   */
  timestamp: "2026-11-23T00:00:00Z",

  /** The Debian release that packages come from, whichever the machine itself runs. */
  debianRelease: "bookworm",

  /** What is left out of every Debian package: documentation (but not the licence), translations, service scripts. */
  leftOut:
    /^(usr\/share\/(doc(?!\/[^/]+\/copyright$)|man|info|locale|lintian|bug|bash-completion|doc-base)\/|usr\/lib\/systemd\/|etc\/(init\.d|default|logrotate\.d|cron[^/]*)\/)/,

  /** How Go programs are compiled: static, the same wherever the checkout is, without debug information. */
  go: {
    flags: ["-trimpath", "-buildvcs=false"],
    ldflags: "-s -w",
    env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" },
  },
} as const;
