package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// Extensions with which a port carries what the long form has no field for.
const (
	lastPort     = "x-last"
	unknownParts = "x-unknown"
)

// castPort keeps a range as one entry, where Compose would make one of each port, and reads a port with a marker in it.
// Everything else, and all that is wrong, is left to Compose.
func castPort(value string) (any, error) {
	address, host, inside, protocol := portParts(value)
	if marked(value) {
		return markedPort(address, host, inside, protocol), nil
	}
	first, last, isRange := strings.Cut(inside, "-")
	if !isRange {
		return value, nil
	}
	firstHost, lastHost, hostIsRange := strings.Cut(host, "-")
	if host != "" && !hostIsRange {
		return value, nil
	}
	from, err1 := types.ParsePortConfig(joinPort(address, firstHost, first, protocol))
	to, err2 := types.ParsePortConfig(joinPort(address, lastHost, last, protocol))
	if err1 != nil || err2 != nil || len(from) != 1 || len(to) != 1 || to[0].Target <= from[0].Target {
		return value, nil
	}
	if host != "" && width(firstHost, lastHost) != int(to[0].Target-from[0].Target) {
		return value, nil
	}
	port := map[string]any{
		"mode": "ingress", "protocol": from[0].Protocol, "target": int(from[0].Target), lastPort: int(to[0].Target),
	}
	for key, text := range map[string]string{"host_ip": from[0].HostIP, "published": host} {
		if text != "" {
			port[key] = text
		}
	}
	return port, nil
}

// portParts takes `[[address:]host:]inside[/protocol]` apart.
func portParts(value string) (address, host, inside, protocol string) {
	inside, protocol, _ = strings.Cut(value, "/")
	if at := strings.LastIndex(inside, ":"); at >= 0 {
		host, inside = inside[:at], inside[at+1:]
	}
	if at := strings.LastIndex(host, ":"); at >= 0 {
		address, host = host[:at], host[at+1:]
	}
	return address, host, inside, protocol
}

func joinPort(address, host, inside, protocol string) string {
	text := inside
	if host != "" || address != "" {
		text = host + ":" + text
	}
	if address != "" {
		text = address + ":" + text
	}
	if protocol != "" {
		text += "/" + protocol
	}
	return text
}

func width(first, last string) int {
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if err1 != nil || err2 != nil {
		return -1
	}
	return to - from
}

// markedPort has what is known. A variable before the container's port may hold an address too, unless one is written.
func markedPort(address, host, inside, protocol string) map[string]any {
	port := map[string]any{"mode": "ingress", "target": 1, "protocol": "tcp"}
	unknown := []any{}
	lost := func(part string) { unknown = append(unknown, part) }
	if number, err := strconv.Atoi(inside); err == nil {
		port["target"] = number
	} else {
		lost("target")
	}
	switch {
	case marked(host) || (host == "" && address == "" && marked(inside)):
		lost("published")
	case host != "":
		port["published"] = host
	}
	switch {
	case marked(address) || (address == "" && (marked(host) || (host == "" && marked(inside)))):
		lost("host_ip")
	case address != "":
		port["host_ip"] = strings.Trim(address, "[]")
	}
	switch {
	case marked(protocol):
		lost("protocol")
	case protocol != "":
		port["protocol"] = strings.ToLower(protocol)
	}
	port[unknownParts] = unknown
	return port
}

// eachPort calls fn with the path of every port of the project.
func eachPort(project *types.Project, fn func(path string, port types.ServicePortConfig)) {
	for name, service := range project.Services {
		for i, port := range service.Ports {
			fn(fmt.Sprintf("services.%s.ports[%d]", name, i), port)
		}
	}
	for name, job := range project.Jobs {
		for i, port := range job.Ports {
			fn(fmt.Sprintf("jobs.%s.ports[%d]", name, i), port)
		}
	}
}

func unknownPorts(project *types.Project) []string {
	var paths []string
	eachPort(project, func(path string, port types.ServicePortConfig) {
		parts, _ := port.Extensions[unknownParts].([]any)
		for _, part := range parts {
			paths = append(paths, fmt.Sprintf("%s.%s", path, part))
		}
	})
	return paths
}

func portsLast(project *types.Project) map[string]uint32 {
	last := map[string]uint32{}
	eachPort(project, func(path string, port types.ServicePortConfig) {
		if number, ok := port.Extensions[lastPort].(int); ok {
			last[path] = uint32(number)
		}
	})
	return last
}
