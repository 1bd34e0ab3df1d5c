package dev.weft.gateway.discovery.kubernetes;

import dev.weft.gateway.discovery.FoundAddresses;
import dev.weft.gateway.discovery.SourceListener;
import dev.weft.gateway.discovery.SourceName;
import dev.weft.gateway.discovery.WorkerSource;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.sse.Backoff;
import dev.weft.service.DiscoverySettings;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The workers behind a Service. It lists the Service's slices, watches them, and lists them anew
 * every 30 s, or at once if the watch ends: a watch that says nothing any more, or has left out a
 * deletion while it was made again, is wrong for that long at most. An API server that is away
 * changes nothing; one that says that there are no slices is believed.
 */
public final class KubernetesSource implements WorkerSource {
    private static final String SERVICE = "kubernetes.io/service-name";
    private static final Duration LISTED = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final String namespace;
    private final String service;
    private final ServiceEndpoints endpoints;
    private final Backoff backoff = new Backoff();
    private final Loop loop;
    private @Nullable SourceListener listener;

    private KubernetesSource(
            KubernetesClient client,
            String namespace,
            String service,
            ServiceEndpoints endpoints,
            Loops loops) {
        this.client = client;
        this.namespace = namespace;
        this.service = service;
        this.endpoints = endpoints;
        this.loop =
                loops.loop(
                        "worker-discovery",
                        SourceName.KUBERNETES.word(),
                        this::look,
                        client::close);
    }

    /**
     * A source that does not look yet.
     *
     * @param scheme by which pods are reached
     * @throws IllegalStateException if nothing says how the API server is reached, or which
     *     namespace is meant
     */
    public static KubernetesSource of(DiscoverySettings settings, String scheme, Loops loops) {
        DiscoverySettings.Kubernetes of = settings.kubernetes();
        Config config = ClusterAccess.read(of.kubeconfig(), System.getenv());
        String namespace = of.namespace() == null ? config.getNamespace() : of.namespace();
        if (namespace == null) {
            throw new IllegalStateException(
                    "weft.gateway.discovery.kubernetes.namespace must be given: the context of "
                            + of.kubeconfig()
                            + " has none");
        }
        KubernetesClient client =
                new KubernetesClientBuilder()
                        .withConfig(config)
                        .withHttpClientFactory(new JdkHttpClientFactory())
                        .build();
        return new KubernetesSource(
                client,
                namespace,
                Objects.requireNonNull(of.service(), "no service"),
                new ServiceEndpoints(scheme, of.port(), new FoundAddresses(settings.networks())),
                loops);
    }

    @Override
    public SourceName name() {
        return SourceName.KUBERNETES;
    }

    @Override
    public void start(SourceListener listener) {
        this.listener = listener;
        loop.start();
    }

    private FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>>
            slices() {
        return client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel(SERVICE, service);
    }

    /** Lists once, and follows for a while. */
    private Duration look() throws InterruptedException {
        try {
            EndpointSliceList list = slices().list();
            Map<String, EndpointSlice> known = new HashMap<>();
            list.getItems().forEach(slice -> known.put(slice.getMetadata().getName(), slice));
            tell(known);
            backoff.reset();
            follow(known, list.getMetadata().getResourceVersion());
            return Duration.ZERO;
        } catch (KubernetesClientException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("closed");
            }
            if (listener != null) {
                listener.failed(text(e));
            }
            return backoff.next();
        }
    }

    /** Watches from a version on, until the watch ends or it is time to list again. */
    private void follow(Map<String, EndpointSlice> known, String version)
            throws InterruptedException {
        SliceEvents events = new SliceEvents();
        long end = System.nanoTime() + LISTED.toNanos();
        var from =
                new ListOptionsBuilder()
                        .withResourceVersion(version)
                        .withTimeoutSeconds(2 * LISTED.toSeconds())
                        .build();
        try (Watch _ = slices().watch(from, events)) {
            while (true) {
                loop.goesOn();
                SliceEvents.Event event =
                        events.next(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                switch (event) {
                    case SliceEvents.Event.Put(EndpointSlice slice) ->
                            known.put(slice.getMetadata().getName(), slice);
                    case SliceEvents.Event.Gone(EndpointSlice slice) ->
                            known.remove(slice.getMetadata().getName());
                    case SliceEvents.Event.End _ -> {
                        return;
                    }
                }
                tell(known);
            }
        }
    }

    private void tell(Map<String, EndpointSlice> known) {
        ServiceEndpoints.Read read = endpoints.read(known.values());
        if (listener != null) {
            listener.found(read.workers(), read.problems());
        }
    }

    /** The same text each time for the same failure. */
    private String text(KubernetesClientException failure) {
        String of = "EndpointSlices of " + namespace + "/" + service + ": ";
        if (failure.getCode() > 0) {
            return of + "the API server answers " + failure.getCode();
        }
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return of + "no answer (" + cause.getClass().getSimpleName() + ")";
    }

    @Override
    public void close() {
        loop.close();
        client.close();
    }
}
