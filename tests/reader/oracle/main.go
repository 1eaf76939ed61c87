// Oracle prints what Kubernetes reads in a stream of YAML, as Helm and kubectl hand it over.
//
// It reads frames on standard input, each a length of four bytes (big-endian) and a stream, and answers each with one
// line of JSON: {"documents": [{"objects": […]} or {"error": "…"}]}, the items of a List in the place of the List.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

type document struct {
	Error   string `json:"error,omitempty"`
	Objects []any  `json:"objects,omitempty"`
}

type answer struct {
	Documents []document `json:"documents"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		stream, err := frame(in)
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			err = json.NewEncoder(out).Encode(read(stream))
		}
		if err == nil {
			err = out.Flush()
		}
		if err != nil {
			panic(err)
		}
	}
}

func frame(in io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(in, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	stream := make([]byte, length)
	_, err := io.ReadFull(in, stream)
	return stream, err
}

// read cuts a stream as kubectl and Helm do, up to what they refuse as a whole.
func read(stream []byte) answer {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(stream)))
	found := answer{Documents: []document{}}
	for {
		text, err := reader.Read()
		if len(text) == 0 && errors.Is(err, io.EOF) {
			return found
		}
		if err != nil && !errors.Is(err, io.EOF) {
			found.Documents = append(found.Documents, document{Error: err.Error()})
			return found
		}
		found.Documents = append(found.Documents, convert(text))
		if err != nil {
			return found
		}
	}
}

func convert(text []byte) document {
	raw, err := yaml.YAMLToJSON(text)
	if err == nil && (len(raw) == 0 || bytes.Equal(raw, []byte("null"))) {
		return document{}
	}
	var objects []any
	if err == nil {
		objects, err = flatten(raw)
	}
	if err != nil {
		return document{Error: err.Error()}
	}
	return document{Objects: objects}
}

// flatten does as k8s.io/cli-runtime's FlattenListVisitor: a List in a List is opened too.
func flatten(raw []byte) ([]any, error) {
	first, err := runtime.Decode(unstructured.UnstructuredJSONScheme, raw)
	if err != nil {
		return nil, err
	}
	var objects []any
	waiting := []runtime.Object{first}
	for i := 0; i < len(waiting); i++ {
		if !meta.IsListType(waiting[i]) {
			objects = append(objects, waiting[i].(*unstructured.Unstructured).Object)
			continue
		}
		items, err := meta.ExtractList(waiting[i])
		if err != nil {
			return nil, err
		}
		waiting = append(waiting, items...)
	}
	return objects, nil
}
