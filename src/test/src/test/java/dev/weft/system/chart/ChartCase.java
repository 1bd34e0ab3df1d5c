package dev.weft.system.chart;

import java.io.IOException;
import java.nio.file.Path;

/** Installations that people make of the chart. */
enum ChartCase {
    /** The sample, with H2 and plain HTTP. */
    DEFAULTS(false, ""),
    /** The file that people have. */
    SEED(
            true,
            """
            settings:
              weft.gateway.request-timeout: 5m
              weft.inference.kv-cache-tokens: 2097152
              weft.sources.allowed-hosts: "*.example.com,models.example.org"
              weft.gateway.usage.prices: "*=0.10/0.40"
              weft.gateway.routing.kv-weight: ""
            """),
    POSTGRES(
            true,
            """
            catalog:
              replicas: 2
              database: {existingSecret: weft-database}
              artifacts: s3://weft/artifacts
            extraEnv:
              - {name: AWS_REGION, value: eu-central-1}
            """),
    RELAY(
            true,
            """
            relay: {enabled: true, extraArgs: ["--gpu-memory-utilization", "0.8"]}
            hub: {existingSecret: hub}
            """),
    /** Names that YAML would take for other values. */
    NUMBERS(
            true,
            """
            hub: {existingSecret: "2024"}
            token: {existingSecret: "1e3", key: "on"}
            gateway: {redis: {existingSecret: "0", key: "1"}, priorityClassName: "7"}
            metrics: {podMonitor: {enabled: true}, prometheusRule: {enabled: true}}
            """),
    TLS_AND_KEYS(
            true,
            """
            tls: {existingSecret: weft-tls, services: ["*.weft.svc"]}
            access: {keys: true}
            token: {existingSecret: fleet, key: text}
            gateway: {redis: {existingSecret: redis}}
            """),
    EVERYTHING(
            true,
            """
            gateway:
              autoscaling: {enabled: true}
              service: {type: LoadBalancer, annotations: {a: b}}
              nodeSelector: {pool: web}
              priorityClassName: system-cluster-critical
            worker:
              persistence: {enabled: false}
              tolerations: [{key: gpu, operator: Exists}]
              extraVolumes: [{name: models, emptyDir: {}}]
              extraVolumeMounts: [{name: models, mountPath: /models}]
            catalog:
              extraVolumes: [{name: adapters, emptyDir: {}}]
              extraVolumeMounts: [{name: adapters, mountPath: /adapters}]
            ingress: {enabled: true, className: nginx, hosts: [llm.example.com], tls: [{secretName: public, hosts: [llm.example.com]}]}
            httpRoute: {enabled: true, parentRefs: [{name: public}], hostnames: [llm.example.com]}
            networkPolicy:
              catalogFrom: [{namespaceSelector: {matchLabels: {team: ml}}}]
              gatewayFrom: [{ipBlock: {cidr: 10.0.0.0/8}}]
              metricsFrom: [{podSelector: {}}]
            metrics:
              podMonitor: {enabled: true, labels: {release: prometheus}}
              prometheusRule: {enabled: true}
              dashboards: {enabled: true, annotations: {grafana_folder: Weft}}
            imagePullSecrets: [{name: registry}]
            """);

    private final boolean seed;
    private final String values;

    ChartCase(boolean seed, String values) {
        this.seed = seed;
        this.values = values;
    }

    Chart render(Path folder) throws IOException {
        return Chart.render(folder, (seed ? Chart.deployment(Chart.seed()) : "") + values);
    }
}
