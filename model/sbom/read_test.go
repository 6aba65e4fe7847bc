package sbom_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/sbom"
)

const spdx2 = `{"spdxVersion":"SPDX-2.3","name":"shop/api","files":[{"a":[1,{"packages":[{"name":"no"}]}]}],
"creationInfo":{"created":"2026-03-01T10:00:00Z","creators":["Organization: x","Tool: syft-1.18.0"]},
"packages":[
 {"name":"zlib","versionInfo":"1.3","licenseConcluded":"NOASSERTION","licenseDeclared":"Zlib"},
 {"name":"openssl","versionInfo":"3.0.11","licenseConcluded":"Apache-2.0",
  "externalRefs":[{"referenceType":"cpe23Type","referenceLocator":"cpe:x"},{"referenceType":"purl","referenceLocator":"pkg:deb/debian/openssl@3.0.11"}]},
 {"name":7},{"name":"zlib","versionInfo":"1.3","licenseDeclared":"Zlib"},{}
]}`

func two() []sbom.Package {
	return []sbom.Package{
		{Name: "openssl", Version: "3.0.11", Type: "deb", PURL: "pkg:deb/debian/openssl@3.0.11", Licence: "Apache-2.0"},
		{Name: "zlib", Version: "1.3", Licence: "Zlib"},
	}
}

func spdxDocument() sbom.Document {
	return sbom.Document{
		Format: "SPDX 2.3", Name: "shop/api", Tool: "syft-1.18.0", Packages: two(),
		Created: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC),
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	quoted := fmt.Sprintf("%q", strings.ReplaceAll(spdx2, "\n", ""))
	statement := `{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":` + spdx2 + `}`
	tests := map[string]struct {
		in   string
		want sbom.Document
	}{
		"SPDX 2":       {spdx2, spdxDocument()},
		"a statement":  {statement, spdxDocument()},
		"an envelope":  {`{"payload":"` + base64.StdEncoding.EncodeToString([]byte(statement)) + `","payloadType":"application/vnd.in-toto+json"}`, spdxDocument()},
		"quoted data":  {`{"predicate":{"Data":` + quoted + `,"Timestamp":"x"}}`, spdxDocument()},
		"data as such": {`{"predicate":{"Timestamp":"x","Data":` + spdx2 + `}}`, spdxDocument()},
		"SPDX 3": {
			`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"SpdxDocument","name":"app"},
			{"type":"software_Package","name":"zlib","software_packageVersion":"1.3","software_packageUrl":"pkg:deb/zlib@1.3"},{"type":"Person","name":"me"}]}`,
			sbom.Document{Format: "SPDX 3", Name: "app", Packages: []sbom.Package{{Name: "zlib", Version: "1.3", Type: "deb", PURL: "pkg:deb/zlib@1.3"}}},
		},
		"CycloneDX": {
			`{"specVersion":"1.6","bomFormat":"CycloneDX","metadata":{"timestamp":"2026-03-01T10:00:00Z","tools":{"components":[{"name":"trivy","version":"0.58"}]},"component":{"name":"web"}},
			"components":[{"type":"library","group":"@babel","name":"core","version":"7.1","purl":"pkg:npm/%40babel/core@7.1","licenses":[{"license":{"id":"MIT"}},{"license":{"name":"Mine"}}],
			"components":[{"type":"library","name":"inner","version":"1","licenses":[{"expression":"MIT OR ISC"}]}]},{"type":"file","name":"/etc/passwd"}]}`,
			sbom.Document{
				Format: "CycloneDX 1.6", Name: "web", Tool: "trivy 0.58", Created: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC),
				Packages: []sbom.Package{
					{Name: "@babel/core", Version: "7.1", Type: "npm", PURL: "pkg:npm/%40babel/core@7.1", Licence: "MIT AND Mine"},
					{Name: "inner", Version: "1", Licence: "MIT OR ISC"},
				},
			},
		},
		"CycloneDX, old": {
			`{"bomFormat":"CycloneDX","specVersion":"1.4","metadata":{"tools":[{"vendor":"a","name":"syft","version":"1"}]},"components":null}`,
			sbom.Document{Format: "CycloneDX 1.4", Tool: "syft 1"},
		},
		"Syft": {
			`{"artifacts":[{"name":"bash","version":"5.2","type":"deb","licenses":["GPL-3.0",{"value":"MIT"}]}],"source":{"name":"app"},"descriptor":{"name":"syft","version":"1.18"},"schema":{"version":"16","url":"https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-16.json"}}`,
			sbom.Document{Format: "Syft", Name: "app", Tool: "syft 1.18", Packages: []sbom.Package{{Name: "bash", Version: "5.2", Type: "deb", Licence: "GPL-3.0 AND MIT"}}},
		},
		"text on one line": {
			`{"spdxVersion":"SPDX-2.3","name":"a\nb","packages":[{"name":"a\nb","versionInfo":"1\t2"}]}`,
			sbom.Document{Format: "SPDX 2.3", Name: "a b", Packages: []sbom.Package{{Name: "a b", Version: "1 2"}}},
		},
		"hostile text": {
			`{"spdxVersion":"SPDX-2.3","packages":[{"name":"a\u001b[31mb","versionInfo":"` + strings.Repeat("é", 400) + `"}]}`,
			sbom.Document{Format: "SPDX 2.3", Packages: []sbom.Package{{Name: "ab", Version: strings.Repeat("é", 150)}}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sbom.Read(strings.NewReader(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// enveloped is a document in a DSSE envelope.
func enveloped(document string) string {
	return `{"payloadType":"application/vnd.in-toto+json","payload":"` + base64.StdEncoding.EncodeToString([]byte(document)) + `"}`
}

func TestReadFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ in, want string }{
		"nothing":                    {"", "ends in the middle"},
		"another format":             {`{"a":1}`, "not a bill of materials"},
		"a list":                     {`[]`, "not a bill of materials"},
		"XML":                        {`<bom xmlns="http://cyclonedx.org"/>`, "want SPDX, CycloneDX or Syft as JSON"},
		"tag-value":                  {"SPDXVersion: SPDX-2.3\n", "as JSON"},
		"cut":                        {spdx2[:len(spdx2)-20], "ends in the middle"},
		"deep":                       {`{"spdxVersion":"SPDX-2.3","x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, "more than 200 deep"},
		"a broken value":             {`{"spdxVersion":"SPDX-2.3","packages":[{"name":]}`, "invalid character"},
		"an odd payload":             {`{"payload":"!!!!"}`, "illegal base64"},
		"payload in it":              {`{"payload":"` + base64.StdEncoding.EncodeToString([]byte(`{"payload":"e30="}`)) + `"}`, "not a bill"},
		"an envelope in an envelope": {enveloped(enveloped(spdx2)), "not a bill"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := sbom.Read(strings.NewReader(tt.in)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

// endless is a document of n elements, made as it is read.
func endless(head, element, tail string, n int) io.Reader {
	parts := make([]io.Reader, 0, n+2)
	parts = append(parts, strings.NewReader(head))
	for i := range n {
		e := element
		if i > 0 {
			e = "," + e
		}
		parts = append(parts, strings.NewReader(e))
	}
	return io.MultiReader(append(parts, strings.NewReader(tail))...)
}

// Of what is very large, what is kept has a limit, and one value has one too.
func TestReadLarge(t *testing.T) {
	t.Parallel()
	got, err := sbom.Read(endless(`{"spdxVersion":"SPDX-2.3","packages":[`, `{"name":"a"}`, `]}`, 200_010))
	if err != nil || got.Left != 10 || len(got.Packages) != 1 {
		t.Errorf("%d packages, %d left: %v", len(got.Packages), got.Left, err)
	}
	chunk := strings.Repeat("x", 1<<20)
	in := io.MultiReader(strings.NewReader(`{"spdxVersion":"SPDX-2.3","comment":"`), endless("", chunk, "", 30), strings.NewReader(`"}`))
	if _, err := sbom.Read(in); err == nil || !strings.Contains(err.Error(), "larger than 16 MiB") {
		t.Errorf("a value of 30 MiB: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(spdx2)
	f.Add(`{"bomFormat":"CycloneDX","specVersion":"1.4","components":[{"name":"a","components":[{"name":"b"}]}]}`)
	f.Add(`{"payload":"e30="}`)
	f.Fuzz(func(t *testing.T, in string) {
		d, err := sbom.Read(strings.NewReader(in))
		if err != nil {
			if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatal("a bare EOF")
			}
			return
		}
		if d.Format == "" {
			t.Fatal("no format and no error")
		}
		for i, p := range d.Packages {
			if p.Name == "" || i > 0 && p == d.Packages[i-1] {
				t.Fatalf("package %d: %+v", i, p)
			}
		}
	})
}

// BenchmarkRead reads a document of 200 MB, of which the packages are a part.
func BenchmarkRead(b *testing.B) {
	file := `{"fileName":"` + strings.Repeat("f", 200) + `","checksums":[{"algorithm":"SHA1","checksumValue":"` + strings.Repeat("0", 40) + `"}]}`
	for b.Loop() {
		n := 200_000_000 / (len(file) + 1)
		d, err := sbom.Read(endless(`{"spdxVersion":"SPDX-2.3","files":[`, file, `],"packages":[{"name":"a"}]}`, n))
		if err != nil || len(d.Packages) != 1 {
			b.Fatal(err)
		}
		b.SetBytes(200_000_000)
	}
}
