package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// markUnknown takes out of the model what depends on an unset variable and could not be read with the marker in its
// place, and says where that was: numbers and booleans, and references to something else of the file.
func markUnknown(model map[string]any) []string {
	unknown := []string{}
	for _, key := range []string{"services", "jobs"} {
		services, _ := model[key].(map[string]any)
		for name, each := range services {
			if service, ok := each.(map[string]any); ok {
				unknown = append(unknown, markReferences(service, key+"."+name)...)
			}
		}
	}
	return append(unknown, prune(model, reflect.TypeOf(types.Project{}), "")...)
}

// references are the keys of a service whose elements name something else of the file.
var references = []string{"volumes", "networks", "secrets", "configs", "depends_on", "env_file", "volumes_from"}

func markReferences(service map[string]any, at string) (unknown []string) {
	for _, key := range references {
		path := at + "." + key + "[]"
		switch entries := service[key].(type) {
		case []any:
			var kept []any
			for _, entry := range entries {
				if refersToMarker(key, entry) {
					unknown = append(unknown, path)
				} else {
					kept = append(kept, entry)
				}
			}
			service[key] = kept
		case map[string]any:
			for name := range entries {
				if marked(name) {
					delete(entries, name)
					unknown = append(unknown, path)
				}
			}
		}
	}
	if mode, _ := service["network_mode"].(string); marked(mode) {
		delete(service, "network_mode")
		unknown = append(unknown, at+".network_mode")
	}
	return unknown
}

func refersToMarker(key string, entry any) bool {
	switch value := entry.(type) {
	case string:
		return marked(value)
	case map[string]any:
		source, _ := value["source"].(string)
		path, _ := value["path"].(string)
		// A host path may be known in part; what is a name, or could be one, is not.
		return marked(path) || marked(source) && (key != "volumes" || value["type"] != "bind")
	}
	return false
}

// prune takes out every marked text whose place has a type that holds no text.
func prune(value any, target reflect.Type, at string) (unknown []string) {
	for target != nil && target.Kind() == reflect.Pointer {
		target = target.Elem()
	}
	switch value := value.(type) {
	case map[string]any:
		for key, each := range value {
			inner := typeOfKey(target, key)
			path := strings.TrimPrefix(at+"."+key, ".")
			if text, ok := each.(string); ok && marked(text) && inner != nil && !holdsText(inner) {
				delete(value, key)
				unknown = append(unknown, path)
				continue
			}
			unknown = append(unknown, prune(each, inner, path)...)
		}
	case []any:
		var inner reflect.Type
		if target != nil && (target.Kind() == reflect.Slice || target.Kind() == reflect.Array) {
			inner = target.Elem()
		}
		for i, each := range value {
			unknown = append(unknown, prune(each, inner, fmt.Sprintf("%s[%d]", at, i))...)
		}
	}
	return unknown
}

func typeOfKey(target reflect.Type, key string) reflect.Type {
	switch {
	case target == nil:
		return nil
	case target.Kind() == reflect.Map:
		return target.Elem()
	case target.Kind() != reflect.Struct:
		return nil
	}
	for i := range target.NumField() {
		field := target.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name == key {
			return field.Type
		}
		if strings.Contains(options, "inline") && field.Anonymous {
			if inner := typeOfKey(field.Type, key); inner != nil {
				return inner
			}
		}
	}
	return nil
}

func holdsText(target reflect.Type) bool {
	for target.Kind() == reflect.Pointer {
		target = target.Elem()
	}
	switch target.Kind() {
	case reflect.String, reflect.Slice, reflect.Map, reflect.Interface, reflect.Struct:
		return true
	}
	return false
}
