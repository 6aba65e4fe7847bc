package cli

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"regatta/cmd/cli/output/null"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/cmd/config"
	"regatta/model/access"
	"regatta/model/text"
	"regatta/registry/store"
)

type infoJSON struct {
	versionJSON

	Config      configFileJSON   `json:"config"`
	Store       storeJSON        `json:"store"`
	Journal     journalStateJSON `json:"journal"`
	Log         *string          `json:"log"`
	Environment []variableJSON   `json:"environment"`
}

type configFileJSON struct {
	Path   string `json:"path"`
	Exists bool   `json:"exists"`
}

type storeJSON struct {
	Path      string  `json:"path"`
	Working   bool    `json:"working"`
	Reason    *string `json:"reason"`
	Items     int     `json:"items"`
	Bytes     int64   `json:"bytes"`
	Sightings int     `json:"sightings"`
}

type journalStateJSON struct {
	Path    string  `json:"path"`
	Working bool    `json:"working"`
	Reason  *string `json:"reason"`
}

type variableJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func infoVerb(a *verb.Program) *cobra.Command {
	var as output.Format
	var iam bool
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Print where regatta keeps what, and the environment that it heeds",
		Args:  verb.Arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if iam {
				doc := access.Own()
				return a.Streams.Print(as, output.Result{JSON: doc, Text: func(w io.Writer) { fmt.Fprintln(w, doc) }})
			}
			return a.WithSession(func(s *app.App) error {
				doc := infoDoc(a, s.Store().Status())
				doc.Journal = journalState(cmd.Context(), s.Journal())
				return a.Streams.Print(as, output.Result{JSON: doc, Text: doc.write})
			})
		},
	}
	output.FormatFlag(cmd, &as)
	cmd.Flags().BoolVar(&iam, "iam", false, "print the IAM policy that regatta needs on AWS, a statement a feature")
	return cmd
}

func infoDoc(a *verb.Program, st store.Status) infoJSON {
	_, err := os.Stat(config.Path())
	return infoJSON{
		versionJSON: about(),
		Config:      configFileJSON{Path: config.Path(), Exists: err == nil},
		Store: storeJSON{
			Path: st.Path, Working: st.Working, Reason: null.Of(text.Clean(st.Reason)),
			Items: st.Items, Bytes: st.Bytes, Sightings: st.Sightings,
		},
		Log:         null.Of(a.LogFile),
		Environment: variables(a.Streams.Env),
	}
}

func journalState(ctx context.Context, j *store.Journal) journalStateJSON {
	st := journalStateJSON{Path: j.Path(), Working: true}
	if err := j.Usable(ctx); err != nil {
		st.Working, st.Reason = false, null.Of(text.Clean(err.Error()))
	}
	return st
}

// variables are those of the environment that matter and are set. None holds a
// secret: proxies are shown without their credentials.
func variables(getenv func(string) string) []variableJSON {
	out := []variableJSON{}
	add := func(name, value string) {
		if value != "" {
			out = append(out, variableJSON{name, text.Clean(value)})
		}
	}
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		add(name, proxyName(getenv(name)))
	}
	for _, name := range []string{
		"NO_PROXY", "no_proxy", config.EnvPath, "DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
		"SSL_CERT_FILE", "SSL_CERT_DIR", "NO_COLOR", "TERM", "COLORTERM",
	} {
		add(name, getenv(name))
	}
	return out
}

// proxyName is a proxy without credentials.
func proxyName(s string) string {
	if s == "" {
		return ""
	}
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "(set, but not an address)"
	}
	return u.Scheme + "://" + u.Host
}

func (doc infoJSON) write(w io.Writer) {
	s := &output.Sheet{Out: w}
	s.Field("version", doc.Version)
	s.Field("go", doc.Go+", "+doc.Platform)
	s.Field("config", doc.Config.Path+map[bool]string{false: " (not there: defaults)"}[doc.Config.Exists])
	s.Field("store", doc.Store.Path)
	s.Field("", storeSentence(doc.Store))
	s.Field("journal", doc.Journal.Path)
	if doc.Journal.Reason != nil {
		s.Field("", *doc.Journal.Reason)
	}
	if doc.Log != nil {
		s.Field("log", *doc.Log)
	}
	if len(doc.Environment) > 0 {
		s.Section("ENVIRONMENT")
	}
	for _, v := range doc.Environment {
		s.Line("  " + v.Name + "=" + v.Value)
	}
}

func storeSentence(st storeJSON) string {
	said := text.Plural(st.Items, "manifest or config", "manifests and configs") + " in " + text.Bytes(st.Bytes) + ", " +
		text.Plural(st.Sightings, "sighting of a tag", "sightings of tags")
	if st.Reason != nil {
		said += "; " + *st.Reason
	}
	return said
}
