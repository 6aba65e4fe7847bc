package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, line, lines string }{
		"plain":                    {in: "shop/api:v1.2", line: "shop/api:v1.2"},
		"empty":                    {},
		"other scripts":            {in: "Grüße, 世界, שלום, مرحبا", line: "Grüße, 世界, שלום, مرحبا"},
		"combining marks":          {in: "e\u0301", line: "e\u0301"},
		"emoji":                    {in: "🚀 up", line: "🚀 up"},
		"emoji with selectors":     {in: "\u2764\ufe0f", line: "\u2764"},
		"emoji family":             {in: "👩\u200d👧", line: "👩👧"},
		"wide":                     {in: "ｗｉｄｅ", line: "ｗｉｄｅ"},
		"CSI colour":               {in: "a\x1b[31mred\x1b[0m", line: "ared"},
		"CSI clear screen":         {in: "\x1b[2J\x1b[H$ rm -rf /", line: "$ rm -rf /"},
		"CSI private":              {in: "\x1b[?1049hx", line: "x"},
		"CSI with intermediates":   {in: "a\x1b[1 qb", line: "ab"},
		"CSI without an end":       {in: "a\x1b[31", line: "a"},
		"CSI broken off":           {in: "a\x1b[31\x00b", line: "ab"},
		"OSC 0 title, BEL":         {in: "\x1b]0;owned\x07x", line: "x"},
		"OSC 8 link, ST":           {in: "\x1b]8;;https://evil.example\x1b\\ok\x1b]8;;\x1b\\", line: "ok"},
		"OSC 52 clipboard":         {in: "\x1b]52;c;cm0gLXJmIH4=\x07x", line: "x"},
		"OSC without an end":       {in: "a\x1b]52;c;aGk=", line: "a52;c;aGk="},
		"OSC, 8-bit ST":            {in: "\x1b]0;t\u009cx", line: "x"},
		"DCS":                      {in: "a\x1bPq#0;2;0;0;0\x1b\\b", line: "ab"},
		"APC":                      {in: "a\x1b_Ga=T;AAAA\x1b\\b", line: "ab"},
		"PM":                       {in: "a\x1b^secret\x1b\\b", line: "ab"},
		"SOS":                      {in: "a\x1bXanything\x1b\\b", line: "ab"},
		"nested openings":          {in: "\x1bP\x1b]0;x\x1b\\y", line: "y"},
		"charset":                  {in: "\x1b(0lqk\x1b(B", line: "lqk"},
		"reset":                    {in: "\x1bca", line: "a"},
		"escape at the end":        {in: "a\x1b", line: "a"},
		"escapes in a row":         {in: "\x1b\x1b\x1b[31mx", line: "x"},
		"C1 CSI":                   {in: "a\u009b31mb", line: "ab"},
		"C1 OSC":                   {in: "a\u009d0;t\u009cb", line: "ab"},
		"C1 DCS":                   {in: "a\u0090q\u009cb", line: "ab"},
		"raw C1 CSI":               {in: "a\x9b31mb", line: "ab"},
		"raw C1 APC":               {in: "a\x9fG\x07b", line: "ab"},
		"C1 that opens nothing":    {in: "a\u0084\u008db", line: "ab"},
		"carriage return":          {in: "safe\rEVIL", line: "safeEVIL"},
		"backspace":                {in: "ab\b\bxy", line: "abxy"},
		"bell, nul, del":           {in: "a\a\x00\x7fb", line: "ab"},
		"shift out":                {in: "a\x0eb\x0f", line: "ab"},
		"bidi override":            {in: "gpj.\u202eexe", line: "gpj.exe"},
		"bidi isolates":            {in: "\u2066a\u2067b\u2069", line: "ab"},
		"bidi marks":               {in: "\u200ea\u200fb\u061c", line: "ab"},
		"zero width":               {in: "a\u200b\u200c\ufeffb\u2060", line: "ab"},
		"soft hyphen":              {in: "a\u00adb", line: "ab"},
		"tag characters":           {in: "a\U000e0041\U000e007fb", line: "ab"},
		"variation selectors":      {in: "a\U000e0100b", line: "ab"},
		"blank letters":            {in: "a\u3164\u115f\u1160\uffa0\u034fb", line: "ab"},
		"private use":              {in: "a\ue000\U000f0000b", line: "ab"},
		"noncharacter":             {in: "a\ufffeb", line: "ab"},
		"invalid UTF-8":            {in: "a\xff\xc3b", line: "a\ufffd\ufffdb"},
		"surrogate half":           {in: "a\xed\xa0\x80b", line: "a\ufffd\ufffd\ufffdb"},
		"overlong":                 {in: "a\xc0\xafb", line: "a\ufffd\ufffdb"},
		"line break":               {in: "a\nb", line: "a b", lines: "a\nb"},
		"line breaks in a row":     {in: "a \n\n\tb", line: "a b", lines: "a \n\n    b"},
		"leading line break":       {in: "\na", line: "a", lines: "\na"},
		"windows line break":       {in: "a\r\nb", line: "a b", lines: "a\nb"},
		"tab":                      {in: "a\tb", line: "a b", lines: "a    b"},
		"line separator":           {in: "a\u2028b\u2029c\u0085d", line: "a b c d"},
		"line break in a sequence": {in: "\x1b]0;a\nb\x07c", line: "c"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Clean(tt.in); got != tt.line {
				t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.line)
			}
			want := tt.lines
			if want == "" {
				want = tt.line
			}
			if got := CleanLines(tt.in); got != want {
				t.Errorf("CleanLines(%q) = %q, want %q", tt.in, got, want)
			}
		})
	}
}

// A text of nothing but openings must not take the square of its length.
func TestCleanIsLinear(t *testing.T) {
	t.Parallel()
	for _, opening := range []string{"\x1bP", "\x9d", "\u009f", "\x1b[", "\x1b(", "\n"} {
		_ = CleanLines(strings.Repeat(opening, 1<<20))
		_ = Clean(strings.Repeat(opening, 1<<20))
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"plain", "\x1b]8;;x\x1b\\y", "\x1bP\u202e\x9c", "a\r\n\tb", "\xc2\x1b[\x9b", "\u009b31m", "\x9b\xc2\x9c", "👩\u200d👧\ufe0f",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line, lines := Clean(s), CleanLines(s)
		wantSafe(t, line, "")
		wantSafe(t, lines, "\n")
		if again := Clean(line); again != line {
			t.Errorf("Clean(%q) = %q, and again %q", s, line, again)
		}
		if again := CleanLines(lines); again != lines {
			t.Errorf("CleanLines(%q) = %q, and again %q", s, lines, again)
		}
		if got, had := utf8.RuneCountInString(line), utf8.RuneCountInString(s); got > had {
			t.Errorf("Clean made %d runes of %d", got, had)
		}
	})
}

func wantSafe(t *testing.T, s, allowed string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("%q is not valid UTF-8", s)
	}
	for _, r := range s {
		if strings.ContainsRune(allowed, r) {
			continue
		}
		if r < 0x20 || r >= 0x7f && r < 0xa0 || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			t.Errorf("%q has %U", s, r)
		}
	}
}

func BenchmarkClean(b *testing.B) {
	for name, s := range map[string]string{
		"plain": strings.Repeat("shop/api ", 20), "foreign": strings.Repeat("größe\x1b[0m ", 20),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_ = Clean(s)
			}
		})
	}
}

// Every control character by itself, between two letters: none is drawn.
func TestEachControlCharacterAlone(t *testing.T) {
	t.Parallel()
	for c := range rune(0xa0) {
		if c >= ' ' && c < 0x7f {
			continue
		}
		if got := Clean("a" + string(c) + "b"); strings.ContainsRune(got, c) || got == "" || got[0] != 'a' {
			t.Errorf("U+%04X: %q", c, got)
		}
	}
	if got := Clean("a\x7fb"); got != "ab" {
		t.Errorf("DEL: %q", got)
	}
}
