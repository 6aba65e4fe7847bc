package usage_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/fault"
	model "regatta/model/usage"
	"regatta/registry/usage"
)

// kubernetes asks a kubectl that behaves as the context is called.
func kubernetes(ctx context.Context, t *testing.T, behaviour string) model.Answer {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return usage.Kubernetes{Context: behaviour, Command: self}.Ask(ctx)
}

func TestKubernetes(t *testing.T) {
	t.Parallel()
	a := kubernetes(t.Context(), t, "prod")
	if a.Err != nil {
		t.Fatal(a.Err)
	}
	want := []string{
		"kubernetes pod shop/deployment/api (1 running) :debug @35e9035ff34c",
		"kubernetes pod shop/deployment/api :migrate @2baca49bc8c6",
		"kubernetes pod shop/deployment/api (2 running) :prod @65789f813fd0",
		"kubernetes pod shop/pod/mirrored (1 running) @61a6e00656ea",
		"kubernetes workload kube-system/daemonset/agent @65789f813fd0",
		"kubernetes workload shop/deployment/api :prod",
		"kubernetes cronjob shop/cronjob/nightly :nightly",
		"kubernetes scaled-to-zero shop/statefulset/idle :idle",
		"kubernetes rollback shop/deployment/api :before",
	}
	if diff := cmp.Diff(want, lines(a, "shop/api")); diff != "" {
		t.Error(diff)
	}
	sound(t, a)
}

// About one namespace it is asked for little: what runs there, and whose it is.
func TestKubernetesNamespace(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for namespace, want := range map[string]string{
		"":     "repeats get pods,deployments,statefulsets,daemonsets,replicasets,jobs,cronjobs -A -o json;",
		"shop": "repeats get pods,replicasets -n shop -o json;",
	} {
		a := usage.Kubernetes{Context: "repeats", Namespace: namespace, Command: self}.Ask(t.Context())
		if a.Err == nil || !strings.Contains(a.Err.Error(), want) {
			t.Errorf("%q: %v", namespace, a.Err)
		}
	}
}

// Pods that are to run and do not are counted; what a pod has started with, or is
// debugged with, is no such thing. What a node keeps is told.
func TestKubernetesWaits(t *testing.T) {
	t.Parallel()
	waiting, kept := map[string]int{}, map[string]bool{}
	for _, u := range kubernetes(t.Context(), t, "waits").Uses {
		waiting[u.Image.Tag] += u.Waiting
		kept[u.Image.Tag] = kept[u.Image.Tag] || u.Kept
	}
	if !kept["prod"] || !kept["migrate"] || kept["debug"] {
		t.Errorf("kept: %v", kept)
	}
	if diff := cmp.Diff(map[string]int{"prod": 2, "migrate": 0, "debug": 0}, waiting); diff != "" {
		t.Error(diff)
	}
}

// What may not be listed is told, and the rest is there.
func TestKubernetesPartly(t *testing.T) {
	t.Parallel()
	a := kubernetes(t.Context(), t, "partly")
	if !fault.Is(a.Err, fault.Denied) || !strings.Contains(a.Err.Error(), "cronjobs.batch is forbidden") {
		t.Errorf("error %v", a.Err)
	}
	if n := len(lines(a, "shop/api")); n != 9 {
		t.Errorf("%d uses", n)
	}
	sound(t, a)
}

// Whatever kubectl does instead of its work, there is one clear sentence with a
// command that shows or fixes it.
func TestKubernetesFails(t *testing.T) {
	t.Parallel()
	for behaviour, want := range map[string]struct {
		kind fault.Kind
		text string
	}{
		"rubbish":    {fault.Protocol, "it does not print what kubectl does"},
		"chatters":   {fault.Protocol, "it does not print what kubectl does"},
		"empty":      {fault.Protocol, "it does not print what kubectl does"},
		"silent":     {fault.Unknown, "exit status 3 without a word"},
		"unknown":    {fault.NotFound, `error: context "unknown" does not exist`},
		"signed-out": {fault.Auth, "You must be logged in"},
	} {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			a := kubernetes(t.Context(), t, behaviour)
			if !fault.Is(a.Err, want.kind) || !strings.Contains(a.Err.Error(), want.text) ||
				!strings.Contains(a.Err.Error(), "--context "+behaviour) {
				t.Errorf("error %v", a.Err)
			}
			sound(t, a)
		})
	}
	a := usage.Kubernetes{Context: "prod", Command: "no-such-kubectl"}.Ask(t.Context())
	if !fault.Is(a.Err, fault.NotFound) || !strings.Contains(a.Err.Error(), "install it") {
		t.Errorf("no kubectl: %v", a.Err)
	}
}

// What kubectl prints without an end is read up to a bound that says so.
func TestKubernetesBounds(t *testing.T) {
	t.Parallel()
	a := kubernetes(t.Context(), t, "giant")
	if !fault.Is(a.Err, fault.TooLarge) || !strings.Contains(a.Err.Error(), "8 MiB") {
		t.Errorf("a giant: %v", a.Err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if a := kubernetes(ctx, t, "talkative"); !fault.Is(a.Err, fault.Timeout) || strings.Contains(a.Err.Error(), "CANARY") {
		t.Errorf("talkative: %v", a.Err)
	}
}

// What kubectl's plugins say of their credentials is not repeated.
func TestKubernetesSecrets(t *testing.T) {
	t.Parallel()
	a := kubernetes(t.Context(), t, "confides")
	if a.Err == nil || strings.Contains(a.Err.Error(), "CANARY") || !strings.Contains(a.Err.Error(), "exec plugin") {
		t.Errorf("%v", a.Err)
	}
}

// A kubectl that hangs, and what it started, is not waited for longer than asked.
func TestKubernetesHangs(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	a := kubernetes(ctx, t, "hangs")
	if !fault.Is(a.Err, fault.Timeout) || !strings.Contains(a.Err.Error(), "get nodes") {
		t.Errorf("error %v", a.Err)
	}
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("it took %s", took)
	}
	cancelled, stop := context.WithCancel(t.Context())
	stop()
	if a := kubernetes(cancelled, t, "hangs"); !fault.Is(a.Err, fault.Cancelled) {
		t.Errorf("cancelled: %v", a.Err)
	}
}
