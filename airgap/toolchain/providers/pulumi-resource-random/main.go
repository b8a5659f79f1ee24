// Command pulumi-resource-random is the plugin of @pulumi/random: the genuine random provider behind Pulumi's bridge.
//
// Names and tokens are those that @pulumi/random declares; test/e2e/toolchain.test.ts compares them all.
package main

import (
	"context"
	"io"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
	bridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	random "github.com/terraform-providers/terraform-provider-random/shim"
)

// version is set by the build.
var version string

func main() {
	ctx := context.Background()
	info := provider()
	generated, err := tfgen.GenerateSchema(ctx, tfgen.GenerateSchemaOptions{
		ProviderInfo:    info,
		DiagnosticsSink: diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never}),
	})
	if err != nil {
		cmdutil.ExitError(err.Error())
	}
	tfbridge.Main(ctx, "random", info, generated.ProviderMetadata)
}

func provider() bridge.ProviderInfo {
	info := bridge.ProviderInfo{
		P:            tfbridge.ShimProvider(random.New()),
		Name:         "random",
		Version:      version,
		MetadataInfo: bridge.NewProviderMetadata(nil),
		Resources: map[string]*bridge.ResourceInfo{
			// The only resource without an id of its own: its value becomes the id. Ids are not encrypted in state, so
			// the stack uses RandomPassword for everything.
			"random_bytes": {
				ComputeID: bridge.DelegateIDField("base64", "random", "https://github.com/pulumi/pulumi-random"),
			},
		},
		EnableAccurateBridgePreview: true,
		EnableRawStateDelta:         true,
	}
	// random_password is random:index/randomPassword:RandomPassword.
	standard := tokens.MakeStandard("random")
	info.MustComputeTokens(tokens.SingleModule("random_", "index", func(module, name string) (string, error) {
		return standard(module, "Random"+name)
	}))
	return info
}
