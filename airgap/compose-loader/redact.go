package main

import (
	"bytes"
	_ "embed"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v4"
)

// Longest sentence that is handed on, in characters.
const longestSentence = 300

const hidden = "…"

// Words of the sentences with which compose-go, its YAML parser and its schema refuse a file, and the keys of that
// schema. A sentence that has one of them tells nothing of a value.
//
//go:embed words.txt
var vocabulary string

var word = regexp.MustCompile(`[\p{L}\p{N}_]+`)

// withoutValues is a sentence of Compose, in one line, in which every word is hidden that could come from a value: what
// is neither a key of the files, nor a name of one of them, nor one of Compose's own words.
func withoutValues(sentence string, files []types.ConfigFile) string {
	known := map[string]bool{}
	learn := func(text string) {
		for _, part := range word.FindAllString(text, -1) {
			known[strings.ToLower(part)] = true
		}
	}
	learn(vocabulary)
	for _, file := range files {
		sentence = strings.ReplaceAll(sentence, file.Filename, shown(file.Filename))
		sentence = strings.ReplaceAll(sentence, filepath.Dir(file.Filename)+"/", "")
		learn(shown(file.Filename))
		keys(file.Content, learn)
	}
	if len(files) == 1 {
		// The message that this becomes part of names the file.
		for _, prefix := range []string{"failed to parse ", "validating "} {
			sentence = strings.TrimPrefix(sentence, prefix+shown(files[0].Filename)+": ")
		}
	}
	before := ""
	parts := word.FindAllStringIndex(sentence, -1)
	var clean strings.Builder
	end := 0
	for _, part := range parts {
		text := sentence[part[0]:part[1]]
		clean.WriteString(sentence[end:part[0]])
		if known[strings.ToLower(text)] || len(text) == 1 || isCount(text, before) {
			clean.WriteString(text)
		} else {
			clean.WriteString(hidden)
		}
		before, end = strings.ToLower(text), part[1]
	}
	clean.WriteString(sentence[end:])
	return oneLine(clean.String())
}

// isCount: numbers of lines, and small ones, which are places in a list.
func isCount(text, before string) bool {
	return strings.Trim(text, "0123456789") == "" && (len(text) <= 2 || before == "line" || before == "column")
}

// keys hands every key of a file to learn, as far as it is YAML.
func keys(content []byte, learn func(string)) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); err != nil {
			return
		}
		keysOf(&document, learn)
	}
}

func keysOf(node *yaml.Node, learn func(string)) {
	for i, each := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 && each.Kind == yaml.ScalarNode {
			learn(each.Value)
		} else {
			keysOf(each, learn)
		}
	}
}

// oneLine has no line break and no control character, and an end.
func oneLine(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, text)
	line := strings.Join(strings.Fields(clean), " ")
	if runes := []rune(line); len(runes) > longestSentence {
		return string(runes[:longestSentence]) + hidden
	}
	return line
}
