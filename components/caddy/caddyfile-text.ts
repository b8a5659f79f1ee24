// Pieces of Caddyfile text. Pure.

/** Inside quotes only a quote needs a backslash; a backslash itself has none, so the configuration allows none. */
export const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;

export const indent = (text: string, depth = 1) => text.replace(/^(?=.)/gm, "\t".repeat(depth));

/**
 * A container that is not there: its name is asked for in vain until this time is up, and then the answer is 502. A WebSocket
 * would be closed by every reload; so it lives on under the routes of before, a day at most.
 * @param more further lines of the block
 */
export const upstream = (address: string, more: string[] = []) => `reverse_proxy ${address} {
	transport http {
		dial_timeout 800ms
	}
	stream_close_delay 24h
${more.map((line) => `\t${line}\n`).join("")}}`;
