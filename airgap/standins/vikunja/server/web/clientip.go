// Which address a request comes from, behind proxies too.

package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"xnai.local/vikunja-standin/logging"
)

// ClientIPFrom returns the function that finds a client's address, by one of three methods: "direct" (the TCP peer), "xff"
// (the right-most address of X-Forwarded-For that is not a trusted proxy) or "realip" (X-Real-IP when the peer is
// trusted). Loopback, link-local and private addresses are always trusted, besides the ranges in trustedProxies.
func ClientIPFrom(method, trustedProxies string) func(*http.Request) string {
	trusted := parseRanges(trustedProxies)
	switch method {
	case "xff":
		return func(r *http.Request) string { return fromForwarded(r, trusted) }
	case "realip":
		return func(r *http.Request) string {
			direct, header := directIP(r), r.Header.Get("X-Real-Ip")
			if ip, err := netip.ParseAddr(strings.Trim(header, "[]")); err == nil && isTrusted(direct, trusted) {
				return ip.String()
			}
			return direct
		}
	default:
		return directIP
	}
}

func directIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func fromForwarded(r *http.Request, trusted []netip.Prefix) string {
	direct := directIP(r)
	forwarded := r.Header.Values("X-Forwarded-For")
	if len(forwarded) == 0 {
		return direct
	}
	chain := append(strings.Split(strings.Join(forwarded, ","), ","), direct)
	for i := len(chain) - 1; i >= 0; i-- {
		ip, err := netip.ParseAddr(strings.Trim(strings.TrimSpace(chain[i]), "[]"))
		if err != nil {
			return direct
		}
		if !isTrusted(ip.String(), trusted) {
			return ip.String()
		}
	}
	return strings.TrimSpace(chain[0])
}

func isTrusted(address string, trusted []netip.Prefix) bool {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	if ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsPrivate() {
		return true
	}
	for _, prefix := range trusted {
		if prefix.Contains(ip) {
			return true
		}
	}
	return false
}

func parseRanges(list string) []netip.Prefix {
	var ranges []netip.Prefix
	for _, text := range strings.Split(list, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			logging.Log.Warn(fmt.Sprintf("Invalid trusted proxy CIDR %q: %v", text, err))
			continue
		}
		ranges = append(ranges, prefix)
	}
	return ranges
}
