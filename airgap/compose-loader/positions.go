package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// No more places than these are kept: a larger file still gets the lines of its services.
const mostPlaces = 200_000

// Included files beyond these have no places.
const mostFiles = 100

// positions knows in which file and line a path was written last.
type positions struct {
	files []string
	lines map[string][2]int
	// How many elements a list has in the files before: Compose appends those of the next one.
	before map[string]int
	// Whether the file that is read is included by another: what that one says stays.
	below bool
}

func newPositions() *positions {
	return &positions{files: []string{}, lines: map[string][2]int{}, before: map[string]int{}}
}

// add notes where everything in a file stands, and in the files that it includes. A file that is no YAML has no places.
func (p *positions) add(file string, content []byte) {
	p.files = append(p.files, file)
	var included []string
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); err != nil {
			break
		}
		for _, root := range document.Content {
			p.walk(root, "", 0)
			included = append(included, includedBy(root)...)
		}
	}
	below := p.below
	p.below = true
	for _, path := range included {
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(file), path)
		}
		if slices.Contains(p.files, path) || len(p.files) >= mostFiles {
			continue
		}
		if content, err := readFile(path); err == nil {
			p.add(path, content)
		}
	}
	p.below = below
}

// includedBy are the paths under `include`, in any of its forms.
func includedBy(root *yaml.Node) []string {
	var parsed struct {
		Include []yaml.Node `yaml:"include"`
	}
	if root.Decode(&parsed) != nil {
		return nil
	}
	var paths []string
	for _, entry := range parsed.Include {
		var one string
		var long struct {
			Path yaml.Node `yaml:"path"`
		}
		var several []string
		switch {
		case entry.Decode(&one) == nil:
			paths = append(paths, one)
		case entry.Decode(&long) != nil:
		case long.Path.Decode(&one) == nil:
			paths = append(paths, one)
		case long.Path.Decode(&several) == nil:
			paths = append(paths, several...)
		}
	}
	return paths
}

// named are the lists whose elements are found by name too: `- NAME=value`, and `- name`.
var named = []string{".environment", ".labels", ".annotations", ".sysctls", ".networks", ".driver_opts"}

func (p *positions) walk(node *yaml.Node, at string, depth int) {
	if len(p.lines) > mostPlaces || depth > 100 {
		return
	}
	for node.Kind == yaml.AliasNode && node.Alias != nil {
		node = node.Alias
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			if key.Tag == "!!merge" || key.Value == "<<" {
				p.merged(value, at, depth)
				continue
			}
			path := strings.TrimPrefix(at+"."+key.Value, ".")
			p.note(path, key.Line)
			p.walk(value, path, depth+1)
		}
	case yaml.SequenceNode:
		start := p.before[at]
		if node.Tag == "!override" || node.Tag == "!reset" {
			start = 0
		}
		isNamed := slices.ContainsFunc(named, func(end string) bool { return strings.HasSuffix(at, end) })
		for i, each := range node.Content {
			path := fmt.Sprintf("%s[%d]", at, start+i)
			p.note(path, each.Line)
			if isNamed && each.Kind == yaml.ScalarNode {
				name, _, _ := strings.Cut(each.Value, "=")
				p.note(at+"."+name, each.Line)
			}
			p.walk(each, path, depth+1)
		}
		p.before[at] = start + len(node.Content)
	}
}

// merged walks what `<<` brings in, under what the map says itself.
func (p *positions) merged(node *yaml.Node, at string, depth int) {
	all := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		all = node.Content
	}
	for _, each := range all {
		p.walk(each, at, depth+1)
	}
}

func (p *positions) note(path string, line int) {
	if _, written := p.lines[path]; written && p.below {
		return
	}
	p.lines[path] = [2]int{len(p.files) - 1, line}
}
