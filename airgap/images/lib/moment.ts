/**
 * The moment that every image and every file in it bears, so that the same content gives the same layer.
 * Set it to today to build the images anew with the security updates that Debian has made since: it is part of
 * every image's name, so the next `up` builds them and replaces the containers.
 */
export const moment = "2026-11-23T00:00:00Z";
