// compose-loader reads compose files with the library that Docker Compose reads them with, and prints the project that
// Compose would run, as JSON: the forms are normalised, files merged, what nobody set is marked as unknown. It starts
// nothing, writes nothing and asks nobody on the network.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/sirupsen/logrus"
)

// Request is what standard input holds, any number of them one after the other.
type Request struct {
	// Compose files; a folder stands for the file in it that Compose finds, and its override file.
	Files []string `json:"files"`
	// Profiles that are on; none: all of them.
	Profiles []string `json:"profiles"`
	// Files with variables, instead of the .env beside the first compose file.
	EnvFiles []string `json:"envFiles"`
	// Variables of the shell. Without them those of this program count.
	Environment map[string]string `json:"environment"`
}

// Answer is what standard output gets, a line for each request.
type Answer struct {
	// Why Compose refuses the files: one line, in its own words, without any value that stands in them.
	Refused string `json:"refused,omitempty"`
	// What was not read, or what the user should know of, one sentence each.
	Notes []string `json:"notes"`
	// Variables that nobody sets, and those of them that Compose insists on.
	Unset    []string `json:"unset"`
	Required []string `json:"required"`
	// The files that were read, absolute; positions refer to them.
	Files []string `json:"files"`
	// Where Compose starts from for relative paths.
	Folder  string          `json:"folder,omitempty"`
	Project json.RawMessage `json:"project,omitempty"`
	// What stands for an unset variable, inside of texts.
	Marker string `json:"marker"`
	// Paths of what depends on an unset variable and is no text: `services.app.privileged`. One that ends with `[]` is
	// another element of a list.
	Unknown []string `json:"unknown"`
	// Last port of a range, by the path of the first.
	PortsLast map[string]uint32 `json:"portsLast"`
	// Variables that come from an env_file, by service and name.
	EnvFiles map[string]map[string]EnvValue `json:"envFiles"`
	// File (its number in Files) and line of what is written at a path.
	Positions map[string][2]int `json:"positions"`
}

// EnvValue is a variable that the env_file of that number sets.
type EnvValue struct {
	File  int    `json:"file"`
	Value string `json:"value"`
}

func main() {
	if err := limitResources(); err != nil {
		fail(err)
	}
	logrus.SetOutput(io.Discard)
	requests, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var request Request
		if err := requests.Decode(&request); err == io.EOF {
			return
		} else if err != nil {
			fail(err)
		}
		setEnvironment(request.Environment)
		if err := answers.Encode(answer(request)); err != nil {
			fail(err)
		}
	}
}

func setEnvironment(variables map[string]string) {
	if variables == nil {
		return
	}
	os.Clearenv()
	for name, value := range variables {
		if err := os.Setenv(name, value); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
