package main

import (
	"errors"
	"maps"
	"regexp"
	"strings"

	interp "github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/tree"
)

// marker stands for the value of a variable that nobody sets. It passes for a name and for a part of a path.
const marker = "unset0x9f3c7a51"

func marked(text string) bool { return strings.Contains(text, marker) }

// variables notes which ones are missing while compose-go interpolates.
type variables struct {
	unset, required map[string]bool
	// Takes what is missing for empty, as Compose does.
	empty bool
}

// plain is a reference without a default, also one inside of a default; `$$` is no reference.
var plain = regexp.MustCompile(`\$\$|\$([A-Za-z_][A-Za-z0-9_]*)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// substitute is template.Substitute, except that a reference to an unset variable becomes the marker.
func (v *variables) substitute(text string, mapping template.Mapping) (string, error) {
	if !strings.Contains(text, "$") {
		return text, nil
	}
	var missing []string
	prepared := plain.ReplaceAllStringFunc(text, func(reference string) string {
		groups := plain.FindStringSubmatch(reference)
		name := groups[1] + groups[2]
		if _, set := mapping(name); name == "" || set {
			return reference
		}
		missing = append(missing, name)
		return v.standIn()
	})
	done, err := template.SubstituteWithOptions(prepared, mapping, template.WithoutLogging,
		template.WithReplacementFunction(func(part string, mapping template.Mapping, config *template.Config) (string, error) {
			value, err := template.DefaultReplacementFunc(part, mapping, config)
			var absent *template.MissingRequiredError
			if errors.As(err, &absent) {
				v.required[absent.Variable] = true
				return v.standIn(), nil
			}
			return value, err
		}))
	if v.empty || marked(done) {
		for _, name := range missing {
			v.unset[name] = true
		}
	}
	return done, err
}

func (v *variables) standIn() string {
	if v.empty {
		return ""
	}
	return marker
}

// casts are compose-go's own, which leave a marked text as it is, and one for ports.
func (v *variables) casts(own map[tree.Path]interp.Cast) map[tree.Path]interp.Cast {
	all := maps.Clone(own)
	for path, cast := range own {
		all[path] = func(value string) (any, error) {
			switch {
			case !marked(value):
				return cast(value)
			case strings.Contains(string(path), "ulimits"):
				return 1, nil // It is asked only whether the limit is there.
			case strings.HasSuffix(string(path), ".external"):
				// The form of old: external, under a name that is not known.
				return map[string]any{"name": value}, nil
			}
			return value, nil
		}
	}
	all[servicePath("ports", tree.PathMatchList)] = castPort
	all[tree.NewPath("jobs", "*", "ports", tree.PathMatchList)] = castPort
	return all
}
