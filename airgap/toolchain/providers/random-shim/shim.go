// Package shim hands out the genuine random provider, whose constructor upstream keeps internal.
package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	random "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// New is upstream's plugin-framework provider: every resource that @pulumi/random bridges.
func New() provider.Provider { return random.New() }
