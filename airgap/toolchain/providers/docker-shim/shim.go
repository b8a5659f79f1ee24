// Package shim hands out the genuine docker provider, whose constructor upstream keeps internal.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// New is upstream's SDKv2 provider: every resource and data source that @pulumi/docker bridges.
func New(version string) *schema.Provider { return provider.New(version)() }
