#!/usr/bin/env bash
# gpu-check.sh: proves the TensorRT-LLM worker on one NVIDIA GPU, in about an hour, and packs a report to send. See --help.
set -uo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd -P "$here/../../.." && pwd)

usage() {
  cat << 'TEXT'
Usage: gpu-check.sh [OPTION...]
Builds the image and an engine, serves a base with six adapters, and checks: answers against transformers, adapters in rotation,
cancels, an adapter that goes and comes back, the JVM beside MPI, the end on TERM. Each step has a deadline, and ends in a line
PASS, FAIL or SKIP. The report, WORK/weft-gpu-check.tar.gz, has these lines, versions, logs and figures; no weights, no tokens.
Needs an NVIDIA GPU with its driver and container toolkit, docker or podman, a JDK 25 and Maven (or --image), 60 GB of disk.

  --work DIR          folder for everything that is made (default: ./weft-gpu-check); a second run goes on with its downloads
  --image NAME        take this image instead of building one
  --containers NAME   docker or podman (default: podman if it is there)
  --base REPO         base on Hugging Face, or a folder (default: Qwen/Qwen2.5-1.5B-Instruct)
  --accelerator NAME  as in a deployment file (default: H100)
  --port N            gateway's port; N+1 and N+2 are the catalog's and the worker's (default: 18080)
  --keep              leave the containers running at the end
  --help              this text
The variable HF_TOKEN is handed on to the download of the base. Exit code: 0 all passed, 1 something failed, 2 wrong options.
TEXT
}

adapters=(lora-0001 lora-0002 lora-0003 lora-0004 lora-0005 lora-0006)
name_of_container="weft-gpu-check"

wrong() {
  echo "gpu-check.sh: $*; --help says what there is" >&2
  exit 2
}

read_options() {
  work=weft-gpu-check image='' containers='' base=Qwen/Qwen2.5-1.5B-Instruct accelerator=H100 port=18080 keep=''
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage; exit 0 ;;
      --keep) keep=yes; shift; continue ;;
      --work | --image | --containers | --base | --accelerator | --port) ;;
      *) wrong "there is no option '$1'" ;;
    esac
    if [ $# -lt 2 ] || [ -z "$2" ]; then
      wrong "$1 needs a value"
    fi
    case $1 in
      --work) work=$2 ;;
      --image) image=$2 ;;
      --containers) containers=$2 ;;
      --base) base=$2 ;;
      --accelerator) accelerator=$2 ;;
      --port) port=$2 ;;
    esac
    shift 2
  done
  if ! [[ $port =~ ^[0-9]{4,5}$ ]] || [ "$port" -gt 65533 ]; then
    wrong "--port '$port' is not a number from 1024 to 65533"
  fi
  [[ $accelerator =~ ^[A-Za-z0-9_-]+$ ]] || wrong "--accelerator '$accelerator' is not a name"
  case $containers in
    '' | docker | podman) ;;
    *) wrong "--containers '$containers' is neither docker nor podman" ;;
  esac
  if [ -z "$containers" ]; then
    containers=docker
    ! command -v podman > /dev/null || containers=podman
  fi
}

say() { printf '%s %s\n' "$(date -u +%H:%M:%S)" "$*"; }

# --- steps: check NAME SECONDS COMMAND... runs a command with a deadline and notes how it went ---

passed=0 failed=0 skipped=0 child=

# $1 how, $2 name, $3 seconds, $4 what to say
note() {
  printf '%s %s (%s s)%s\n' "$1" "$2" "$3" "${4:+: $4}" | tee -a "$report/result.txt"
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4:-}" >> "$report/steps.tsv"
  case $1 in
    PASS) passed=$((passed + 1)) ;;
    FAIL) failed=$((failed + 1)) ;;
    *) skipped=$((skipped + 1)) ;;
  esac
}

skip() { note SKIP "$1" 0 "$2"; }

check() {
  local name=$1 seconds=$2 begun=$SECONDS code=0 log last
  shift 2
  log=$report/logs/$name.log
  say "$name (at most $seconds s)"
  # In the background, so that this shell hears of Ctrl-C at once; a function sees what is exported.
  timeout --kill-after=15 "$seconds" bash "$here/gpu-check.sh" --step "$@" > "$log" 2>&1 < /dev/null &
  child=$!
  wait "$child" || code=$?
  child=
  if [ $code -eq 0 ]; then
    last=$(grep -v '^ *$' "$log" | tail -n 1 | cut -c 1-300)
    note PASS "$name" $((SECONDS - begun)) "$last"
    return 0
  fi
  last=$(grep -v '^ *$' "$log" | tail -n 3 | tr '\n' ' ' | cut -c 1-600)
  [ $code -ne 124 ] && [ $code -ne 137 ] || last="no end within $seconds s; $last"
  # A container outlives the client that started it.
  timeout 60 "$containers" rm -f "$name_of_container-tool" > /dev/null 2>&1
  note FAIL "$name" $((SECONDS - begun)) "${last:-exit code $code}"
  return 1
}

# --- containers ---

container_options() {
  local gpu=(--gpus all) user=(--user "$(id -u):$(id -g)")
  if [ "$containers" = podman ]; then
    gpu=(--device nvidia.com/gpu=all)
    [ "$(id -u)" -eq 0 ] || user=(--userns=keep-id)
  fi
  printf '%s\n' "${gpu[@]}" "${user[@]}" --network host --shm-size=2g --ulimit memlock=-1 --ulimit stack=67108864 \
    --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp:exec -v "$work:$work" -v "$here/gpu-check:/gpu-check:ro"
}

# $1: weft or another program of the image; the rest is its arguments
in_image() {
  local options program=$1
  shift
  mapfile -t options < <(container_options)
  if [ "$program" = weft ]; then
    "$containers" run --rm --name "$name_of_container-tool" "${options[@]}" "$image" "$@"
  else
    # NVIDIA's entry point puts the CUDA libraries in place that fit the driver.
    "$containers" run --rm --name "$name_of_container-tool" "${options[@]}" -e HF_TOKEN -e HF_HOME="$work/hf" --entrypoint /opt/nvidia/nvidia_entrypoint.sh "$image" "$program" "$@"
  fi
}

client() { "$containers" exec "$name_of_container" python3 /gpu-check/client.py "http://127.0.0.1:$port" "$@"; }

# --- what the steps do ---

step_machine() {
  date -u
  uname -a
  free -g 2> /dev/null
  "$containers" --version
  git -C "$home" log -1 --format='weft %H %cI' 2> /dev/null || echo "weft: no git checkout"
  nvidia-smi || { echo "nvidia-smi failed: is the driver installed?"; return 1; }
  local gpus kilobytes
  gpus=$(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader)
  kilobytes=$(df -Pk "$work" | awk 'NR == 2 { print $4 }')
  [ "$kilobytes" -gt 60000000 ] || { echo "$work has $((kilobytes / 1000000)) GB left: 60 are needed"; return 1; }
  echo "$gpus; $((kilobytes / 1000000)) GB free"
}

step_product() { (cd "$home" && mvn -B -P product,gpu -pl deploy/standalone -am package) && echo "built"; }

step_image() {
  local format=()
  [ "$containers" != podman ] || format=(--format docker)
  "$containers" build "${format[@]}" -f "$here/Containerfile" -t "$image" "$home" && "$containers" inspect --format '{{.Id}}' "$image"
}

# Standard output is Weft's alone; NVIDIA's banner goes to standard error.
step_start() {
  local out
  out=$(in_image weft --help) || return 1
  echo "$out"
  case $out in
    'Usage: weft'*) ;;
    *) echo "standard output does not begin with Weft's help"; return 1 ;;
  esac
  in_image python3 -c 'import tensorrt_llm, torch; print("tensorrt_llm", tensorrt_llm.__version__, "torch", torch.__version__)'
}

step_base() {
  mkdir -p "$work/base"
  if [ -d "$base" ]; then
    cp -RL "$base/." "$work/base/"
  else
    in_image python3 -c 'import sys; from huggingface_hub import snapshot_download
snapshot_download(sys.argv[1], local_dir=sys.argv[2], allow_patterns=["*.json", "*.safetensors", "*.txt", "*.model"])' "$base" "$work/base" || return 1
  fi
  [ -f "$work/base/config.json" ] || { echo "$base has no config.json"; return 1; }
  echo "$base: $(du -sh "$work/base" | cut -f 1)"
}

step_adapters() {
  rm -rf "$work/adapters"
  in_image weft bench adapters "$work/base" "$work/adapters" --count 6 --rank 16 --alpha 16
}

write_deployment() {
  {
    cat << YAML
model_name: gpu-check
resources: {accelerator: $accelerator}
trt_llm:
  build:
    checkpoint_repository: {source: FILE, repo: "$work/base"}
    lora_adapters:
YAML
    local adapter
    for adapter in "${adapters[@]}"; do
      echo "      $adapter: {source: FILE, repo: \"$work/adapters/$adapter\"}"
    done
    cat << YAML
    max_lora_rank: 16
    max_batch_size: 64
    max_seq_len: 4096
    plugin_configuration: {lora_plugin: bfloat16}
  runtime: {served_model_name: base}
weft:
  engine: tensorrt-llm
  catalog: {port: $((port + 1))}
  gateway: {port: $port}
  inference: {port: $((port + 2)), max-loras: 2, host-cache-bytes: 0}
  triton: {model-repository: "$work/models"}
YAML
  } > "$work/deploy.yaml"
}

step_plan() {
  write_deployment
  in_image weft engine plan "$work/deploy.yaml" --data "$work/data"
}

step_engine() { in_image weft engine build "$work/deploy.yaml" --data "$work/data" && echo "built"; }

# TensorRT-LLM's host cache has room for the file's six adapters; two fit afterwards, as many as Weft has at once (max-loras).
step_cache_of_two() {
  local config=$work/models/tensorrt_llm/config.pbtxt bytes
  [ -f "$config.six" ] || cp "$config" "$config.six" || return 1
  bytes=$(sed -n 's/.*key: "lora_cache_host_memory_bytes" value: { string_value: "\([0-9]*\)".*/\1/p' "$config.six")
  [ -n "$bytes" ] || { echo "$config has no lora_cache_host_memory_bytes"; return 1; }
  sed "s/\(key: \"lora_cache_host_memory_bytes\" value: { string_value: \)\"$bytes\"/\1\"$((bytes / 3))\"/" "$config.six" > "$config"
  cp "$config" "$report/config.pbtxt"
  echo "$((bytes / 3)) bytes instead of $bytes"
}

step_reference() {
  in_image python3 /gpu-check/reference.py "$work/base" "$work/adapters" "$report/reference.json" "${adapters[@]}"
}

step_serve() {
  "$containers" rm -f "$name_of_container" > /dev/null 2>&1
  local options
  mapfile -t options < <(container_options)
  "$containers" run -d --name "$name_of_container" --stop-timeout 60 -e "WEFT_HEALTH_URL=http://127.0.0.1:$port/actuator/health/liveness" \
    "${options[@]}" "$image" serve "$work/deploy.yaml" --data "$work/data" || return 1
  until "$containers" logs "$name_of_container" 2>&1 | grep -q '^ready '; do
    if [ "$("$containers" inspect --format '{{.State.Running}}' "$name_of_container")" != true ]; then
      "$containers" logs "$name_of_container" 2>&1 | tail -n 40
      echo "the container has ended"
      return 1
    fi
    sleep 2
  done
  nvidia-smi --query-gpu=memory.used --format=csv,noheader
  echo "ready"
}

step_answers() { client answers "$report/reference.json" "$report/answers.json" base "${adapters[@]:0:3}"; }
step_rotation() { client rotation "$report/reference.json" "$report/rotation.json" "${adapters[@]}"; }
step_cancels() { client cancels "http://127.0.0.1:$((port + 2))/metrics" "$report/cancels.json" "${adapters[0]}"; }

step_reload() {
  local weft=(exec "$name_of_container" /opt/java/openjdk/bin/java -jar /opt/weft/weft.jar adapters) catalog
  catalog=(--catalog "http://127.0.0.1:$((port + 1))")
  "$containers" "${weft[@]}" "${catalog[@]}" disable "${adapters[0]}" || return 1
  client gone "${adapters[0]}" || return 1
  "$containers" "${weft[@]}" "${catalog[@]}" enable "${adapters[0]}" || return 1
  client answers "$report/reference.json" "$report/reload.json" "${adapters[0]}"
}

# Collections and null checks come as SIGSEGV to the JVM: it must still be there, and nothing must have taken its signals.
step_signals() {
  local i
  for i in $(seq 30); do
    "$containers" exec "$name_of_container" /opt/java/openjdk/bin/jcmd 1 GC.run > /dev/null || { echo "collection $i failed"; return 1; }
    sleep 1
  done
  client answers "$report/reference.json" "$report/signals.json" base || return 1
  if "$containers" logs "$name_of_container" 2>&1 | grep -F 'set past libjsig'; then
    return 1
  fi
  echo "30 collections, no handler went past libjsig"
}

step_health() {
  local health
  health=$("$containers" inspect --format '{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}' "$name_of_container")
  [ "$health" = healthy ] || { echo "the health check says '$health' (podman knows it if the image was built with --format docker)"; return 1; }
  echo "$health"
}

step_metrics() {
  client save "http://127.0.0.1:$((port + 2))/metrics" "$report/metrics.txt" || return 1
  grep -c '^nv_trt_llm' "$report/metrics.txt"
  grep '^weft_gpu_memory_used_bytes' "$report/metrics.txt"
}

# Requests run meanwhile; the engine has 30 s to stop.
step_term() {
  local begun code
  client load 20 "${adapters[@]}" > /dev/null 2>&1 &
  sleep 3
  begun=$(date +%s)
  "$containers" stop -t 50 "$name_of_container" || return 1
  code=$("$containers" inspect --format '{{.State.ExitCode}}' "$name_of_container")
  echo "exit code $code"
  "$containers" logs "$name_of_container" > "$report/logs/worker.log" 2>&1
  if grep -F 'has not stopped' "$report/logs/worker.log"; then
    return 1
  fi
  [ "$code" -eq 143 ] || return 1
  nvidia-smi --query-gpu=memory.used --format=csv,noheader
  echo "ended in $(($(date +%s) - begun)) s"
}

# --- the report ---

json_text() { printf '%s' "$1" | tr -d '\000-\010\013-\037' | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\t/\\t/g' | tr '\n' ' '; }

write_report() {
  local first=yes how name seconds text
  {
    printf '{\n  "passed": %d,\n  "failed": %d,\n  "skipped": %d,\n' "$passed" "$failed" "$skipped"
    printf '  "base": "%s",\n  "accelerator": "%s",\n  "steps": [' "$(json_text "$base")" "$(json_text "$accelerator")"
    while IFS=$'\t' read -r how name seconds text; do
      [ -n "$first" ] || printf ','
      first=''
      printf '\n    {"result": "%s", "step": "%s", "seconds": %d, "said": "%s"}' "$how" "$name" "$seconds" "$(json_text "$text")"
    done < "$report/steps.tsv"
    printf '\n  ]\n}\n'
  } > "$report/summary.json"
  [ ! -f "$work/deploy.yaml" ] || cp "$work/deploy.yaml" "$report/"
  tar -czf "$work/weft-gpu-check.tar.gz" -C "$work" report
  echo
  echo "$passed passed, $failed failed, $skipped skipped: send $work/weft-gpu-check.tar.gz"
}

interrupted() {
  [ -z "$child" ] || kill "$child" 2> /dev/null
  note FAIL interrupted 0 "the check was told to end"
  clean_up
  write_report
  exit 1
}

clean_up() {
  [ -f "$report/logs/worker.log" ] || timeout 60 "$containers" logs "$name_of_container" > "$report/logs/worker.log" 2>&1
  [ -n "$keep" ] || timeout 60 "$containers" rm -f "$name_of_container" > /dev/null 2>&1
}

# Names of steps whose failure leaves nothing to check for the rest.
prove() {
  check machine 60 step_machine || return
  if [ -z "$image" ]; then
    image="weft-tensorrt-llm"
    export image
    check product 1200 step_product || return
    check image 2400 step_image || return
  fi
  check start 900 step_start || return
  check base 1800 step_base || return
  check adapters 300 step_adapters || return
  check plan 120 step_plan || return
  check engine 1800 step_engine || return
  check cache-of-two 10 step_cache_of_two || return
  check reference 1200 step_reference || return
  check serve 900 step_serve || return
  check answers 600 step_answers
  check rotation 900 step_rotation
  check cancels 180 step_cancels
  check reload 180 step_reload
  check signals 180 step_signals
  check health 30 step_health
  check metrics 30 step_metrics
  if [ -n "$keep" ]; then
    skip term "the container is kept"
  else
    check term 120 step_term
  fi
}

main() {
  if [ "${1:-}" = --step ]; then
    shift
    "$@"
    exit
  fi
  read_options "$@"
  command -v "$containers" > /dev/null || wrong "$containers is not installed"
  mkdir -p "$work" || wrong "--work '$work' can't be made"
  work=$(cd -P "$work" && pwd)
  report=$work/report
  rm -rf "$report"
  mkdir -p "$report/logs"
  : > "$report/steps.tsv"
  export work image containers base accelerator port report
  trap interrupted INT TERM
  # What a run that was killed has left.
  timeout 60 "$containers" rm -f "$name_of_container" "$name_of_container-tool" > /dev/null 2>&1
  prove
  clean_up
  write_report
  [ "$failed" -eq 0 ]
}

main "$@"
