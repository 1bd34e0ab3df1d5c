{{- define "weft.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 44 | trimSuffix "-" -}}
{{- end -}}

{{/* A StatefulSet's name is at most 52 characters, since its pods have a label of it and 11 more: 44 and "-catalog". */}}
{{- define "weft.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 44 | trimSuffix "-" -}}
{{- else if contains (include "weft.name" .) .Release.Name -}}
{{- .Release.Name | trunc 44 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "weft.name" .) | trunc 44 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What never changes of an object: (list $ "worker"). The name is what grafana/prometheus-kubernetes.yml looks for. */}}
{{- define "weft.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: weft
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "weft.labels" -}}
{{- $root := index . 0 -}}
{{ include "weft.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "weft.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "weft.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (printf "%s-gateway" (include "weft.fullname" .)) -}}
{{- else -}}
{{- required "serviceAccount.name: who a gateway is, since serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "weft.tokenSecret" -}}
{{- .Values.token.existingSecret | default (printf "%s-token" (include "weft.fullname" .)) -}}
{{- end -}}

{{- define "weft.scheme" -}}
{{- if .Values.tls.existingSecret }}https{{ else }}http{{ end -}}
{{- end -}}

{{/* Of a probe: HTTP or HTTPS. */}}
{{- define "weft.probeScheme" -}}
{{- include "weft.scheme" . | upper -}}
{{- end -}}

{{/* Whether gateways ask for tokens: the variable wins over the file. */}}
{{- define "weft.keys" -}}
{{- $file := fromYaml .Values.deployment | default dict -}}
{{- $weft := get $file "weft" | default dict -}}
{{- $keys := or .Values.access.keys (eq (dig "access" dict $weft | default dict | dig "keys" false | toString) "true") -}}
{{- if not .Values.access.keys -}}
{{- range concat .Values.extraEnv .Values.gateway.extraEnv -}}
{{- if eq .name "WEFT_ACCESS_KEYS" }}{{ $keys = eq (get . "value" | toString) "true" }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if $keys }}true{{ end -}}
{{- end -}}

{{/* A catalog that keeps nothing in its pod. */}}
{{- define "weft.catalogIsStateless" -}}
{{- if and .Values.catalog.database.existingSecret .Values.catalog.artifacts }}true{{ end -}}
{{- end -}}

{{/* Seconds until a pod is killed: (list preStop drain given). */}}
{{- define "weft.grace" -}}
{{- $given := int (index . 2) -}}
{{- if $given }}{{ $given }}{{ else }}{{ add (int (index . 0)) (int (index . 1)) 10 }}{{ end -}}
{{- end -}}

{{- define "weft.storageClass" -}}
{{- if eq . "-" }}
storageClassName: ""
{{- else if . }}
storageClassName: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* The command of a service: (list $ "worker"). */}}
{{- define "weft.args" -}}
{{- $root := index . 0 -}}
- run
- {{ index . 1 }}
{{- if $root.Values.deployment }}
- /etc/weft/weft.yaml
{{- end }}
- --data
- /var/lib/weft
{{- range $key, $value := $root.Values.settings }}
- --set
{{- /* Weft reads it as YAML: a text needs its quotes, and an empty one takes a key of the file back. */}}
- {{ printf "%s=%s" $key (eq (toString $value) "" | ternary "" (toJson $value)) | toJson }}
{{- end }}
{{- end -}}

{{/* The environment that all services have: (list $ .Values.worker). */}}
{{- define "weft.env" -}}
{{- $root := index . 0 -}}
{{- $own := index . 1 -}}
{{- $values := $root.Values -}}
- {name: WEFT_BINDADDRESS, value: "0.0.0.0"}
{{- /* false leaves it to the file. */}}
{{- if $values.access.keys }}
- {name: WEFT_ACCESS_KEYS, value: "true"}
{{- end }}
{{- if $values.tls.existingSecret }}
- {name: WEFT_TLS_CERTIFICATE, value: /etc/weft-tls/tls.crt}
- {name: WEFT_TLS_PRIVATEKEY, value: /etc/weft-tls/tls.key}
- {name: WEFT_TLS_TRUST, value: /etc/weft-tls/ca.crt}
{{- with $values.tls.services }}
- {name: WEFT_TLS_SERVICES, value: {{ join "," . | quote }}}
{{- end }}
# What commands in this container believe.
- {name: WEFT_TRUST, value: /etc/weft-tls/ca.crt}
{{- end }}
{{- if $own.javaOptions }}
- {name: JDK_JAVA_OPTIONS, value: {{ $own.javaOptions | quote }}}
{{- end }}
{{- with $values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- with $own.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "weft.envFrom" -}}
{{- with .Values.extraEnvFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The token of role service, in a variable: (list $ "WEFT_TOKEN"). */}}
{{- define "weft.tokenVariable" -}}
{{- $root := index . 0 -}}
- name: {{ index . 1 }}
  valueFrom: {secretKeyRef: {name: {{ include "weft.tokenSecret" $root | quote }}, key: {{ $root.Values.token.key | quote }}}}
{{- end -}}

{{- define "weft.hubToken" -}}
{{- with .Values.hub.existingSecret }}
- name: HF_TOKEN
  valueFrom: {secretKeyRef: {name: {{ . | quote }}, key: {{ $.Values.hub.key | quote }}}}
{{- end }}
{{- end -}}

{{- define "weft.mounts" -}}
- {name: data, mountPath: /var/lib/weft}
- {name: tmp, mountPath: /tmp}
{{- if .Values.deployment }}
- {name: deployment, mountPath: /etc/weft, readOnly: true}
{{- end }}
{{- if .Values.tls.existingSecret }}
- {name: tls, mountPath: /etc/weft-tls, readOnly: true}
{{- end }}
{{- end -}}

{{- define "weft.volumes" -}}
- {name: tmp, emptyDir: {}}
{{- if .Values.deployment }}
- {name: deployment, configMap: {name: "{{ include "weft.fullname" . }}-deployment"}}
{{- end }}
{{- with .Values.tls.existingSecret }}
- {name: tls, secret: {secretName: {{ . | quote }}, defaultMode: 0440}}
{{- end }}
{{- end -}}

{{/* Labels and annotations of a pod: (list $ "worker" .Values.worker 9082). */}}
{{- define "weft.podMetadata" -}}
{{- $root := index . 0 -}}
{{- $own := index . 2 -}}
labels:
  {{- include "weft.labels" (list $root (index . 1)) | nindent 2 }}
  {{- with $own.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  # A new file is a new pod.
  checksum/deployment: {{ $root.Values.deployment | sha256sum }}
  {{- if $root.Values.metrics.annotations }}
  prometheus.io/scrape: "true"
  prometheus.io/port: {{ index . 3 | quote }}
  prometheus.io/path: /actuator/prometheus
  {{- end }}
  {{- with $own.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Where pods run: (list $ "worker" .Values.worker). */}}
{{- define "weft.placement" -}}
{{- $root := index . 0 -}}
{{- $own := index . 2 -}}
enableServiceLinks: false
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml $root.Values.podSecurityContext | nindent 2 }}
{{- with $own.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- if hasKey $own "topologySpreadConstraints" }}
topologySpreadConstraints:
  {{- if $own.topologySpreadConstraints }}
  {{- toYaml $own.topologySpreadConstraints | nindent 2 }}
  {{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "weft.selector" (list $root (index . 1)) | nindent 8 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Probes at the service's own port, which shows them to everybody, without details: (list $ seconds of the longest start). */}}
{{- define "weft.probes" -}}
{{- $scheme := include "weft.probeScheme" (index . 0) -}}
startupProbe:
  httpGet: {path: /actuator/health/liveness, port: http, scheme: {{ $scheme }}}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: {{ max 1 (div (int (index . 1)) 5) }}
livenessProbe:
  httpGet: {path: /actuator/health/liveness, port: http, scheme: {{ $scheme }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /actuator/health/readiness, port: http, scheme: {{ $scheme }}}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
{{- end -}}

{{/* What stands at a path of the deployment file, a tree, and "" where nothing does; null is nothing, as Weft takes it: (list TREE NUMBERS? KEY...). Weft takes a number in a text's place as it is
spelt, which a tree doesn't tell. */}}
{{- define "weft.fileValue" -}}
{{- $at := index . 0 -}}
{{- $keys := slice . 2 -}}
{{- range $keys }}{{ $at = ternary $at dict (kindIs "map" $at) }}{{ $at = get $at . }}{{ end -}}
{{- if kindIs "string" $at }}{{ $at -}}
{{- else if not (kindIs "invalid" $at) }}
{{- if not (index . 1) }}{{ fail (printf "deployment: %s: write it in quotes" (join "." $keys)) }}{{ end -}}
{{- $at -}}
{{- end -}}
{{- end -}}

{{/* The deployment file as a tree, for vLLM's options; a file that is not YAML is refused here. */}}
{{- define "weft.base" -}}
{{- $file := fromYaml .Values.deployment -}}
{{- if hasKey $file "Error" }}{{ fail (printf "deployment: is not YAML: %s" (get $file "Error")) }}{{ end -}}
{{- $checkpoint := list $file false "trt_llm" "build" "checkpoint_repository" -}}
{{- $model := .Values.relay.model -}}
{{- $revision := "" -}}
{{- if not $model -}}
{{- if not (has (include "weft.fileValue" (append $checkpoint "source")) (list "" "HF")) }}{{ fail "relay.model: what vLLM loads has to be said, since the deployment file's base is not a repository of the Hugging Face hub" }}{{ end -}}
{{- $model = required "deployment: relay.enabled needs a deployment file with trt_llm.build.checkpoint_repository.repo" (include "weft.fileValue" (append $checkpoint "repo")) -}}
{{- $revision = include "weft.fileValue" (append $checkpoint "revision") -}}
{{- end -}}
{{- $served := include "weft.fileValue" (list $file false "trt_llm" "runtime" "served_model_name") | default (include "weft.fileValue" (list $file false "model_name")) -}}
{{- $served = required "deployment: relay.enabled needs a deployment file with model_name" $served -}}
{{- $rank := include "weft.fileValue" (list $file true "trt_llm" "build" "max_lora_rank") | default (include "weft.fileValue" (list $file true "trt_llm" "build" "lora_configuration" "max_lora_rank")) | default "8" | int -}}
{{- /* vLLM takes these ranks alone. */ -}}
{{- $up := 0 -}}
{{- range list 512 320 256 128 64 32 16 8 1 }}{{ if ge . $rank }}{{ $up = . }}{{ end }}{{ end -}}
{{- if not $up }}{{ fail (printf "deployment: max_lora_rank %d is not allowed: vLLM serves ranks up to 512" $rank) }}{{ end -}}
{{- dict "model" $model "served" $served "rank" $up "revision" $revision | toJson -}}
{{- end -}}
