// Command pulumi-resource-docker is the plugin of @pulumi/docker: the genuine docker provider behind Pulumi's bridge.
//
// Names and tokens are those that @pulumi/docker declares; test/e2e/toolchain.test.ts compares them all. The Image
// resource is left out: it is Pulumi's own builder, not part of the bridged provider.
package main

import (
	"encoding/json"
	"io"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	docker "github.com/terraform-providers/terraform-provider-docker/shim"
)

// version is set by the build.
var version string

func main() {
	info := provider()
	schema, err := schemaOf(info)
	if err != nil {
		cmdutil.ExitError(err.Error())
	}
	tfbridge.Main("docker", version, info, schema)
}

func provider() tfbridge.ProviderInfo {
	type fields = map[string]*tfbridge.SchemaInfo
	info := tfbridge.ProviderInfo{
		P:            shim.NewProvider(docker.New(version)),
		Name:         "docker",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata(nil),
		Config:       fields{"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()}},
		// Whatever is not named here gets its standard token: docker_network is docker:index/network:Network.
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_container": {
				Tok:                 "docker:index/container:Container",
				DeleteBeforeReplace: true,
				// Lists whose names the bridge would otherwise turn into plurals.
				Fields: fields{"command": {Name: "command"}, "networks_advanced": {Name: "networksAdvanced"}},
			},
			"docker_image": {
				Tok: "docker:index/remoteImage:RemoteImage",
				// The name says which image it is: it must not be made up from the resource's name.
				Fields: fields{"name": {Name: "name"}},
			},
			"docker_config": {Tok: "docker:index/serviceConfig:ServiceConfig"},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image": {Tok: "docker:index/getRemoteImage:getRemoteImage"},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("docker_", "index", tokens.MakeStandard("docker")))
	info.SetAutonaming(255, "-")
	return info
}

// schemaOf describes the provider as Pulumi sees it, for the bridge to check types with. It takes 40 ms at each start.
func schemaOf(info tfbridge.ProviderInfo) ([]byte, error) {
	quiet := diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never})
	generated, err := tfgen.GenerateSchemaWithOptions(tfgen.GenerateSchemaOptions{
		ProviderInfo:    info,
		DiagnosticsSink: quiet,
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(generated.PackageSpec)
}
