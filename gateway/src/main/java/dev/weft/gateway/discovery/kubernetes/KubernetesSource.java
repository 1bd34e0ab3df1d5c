package dev.weft.gateway.discovery.kubernetes;

import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.discovery.source.SourceListener;
import dev.weft.gateway.discovery.source.SourceName;
import dev.weft.gateway.discovery.source.WorkerSource;
import dev.weft.gateway.settings.DiscoverySettings;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.sse.Backoff;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The workers behind a Service. It lists the Service's slices and watches them. It lists them anew
 * every 30 s, or at once if the watch ends. So a watch that has fallen silent, or has missed a
 * deletion while it was made again, is wrong for 30 s at most. If the API server is away, the list
 * stays; if it says that there are no slices, the list is empty.
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

    /** What the slices said the last time. */
    private ServiceEndpoints.Read last = ServiceEndpoints.Read.NOTHING;

    /** Why the last watch could not be made; empty if it could. */
    private String notWatched = "";

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
            return follow(known, list.getMetadata().getResourceVersion());
        } catch (KubernetesClientException e) {
            endIfClosed();
            if (listener != null) {
                listener.failed(text(e));
            }
            return backoff.next();
        }
    }

    /**
     * Watches from a version on, until the watch ends or it is time to list again.
     *
     * @return the pause until the next list; it keeps an API server that ends each watch at once
     *     from being asked in a rush
     */
    private Duration follow(Map<String, EndpointSlice> known, String version)
            throws InterruptedException {
        SliceEvents events = new SliceEvents();
        long end = System.nanoTime() + LISTED.toNanos();
        var from =
                new ListOptionsBuilder()
                        .withResourceVersion(version)
                        .withTimeoutSeconds(2 * LISTED.toSeconds())
                        .build();
        try (Watch _ = slices().watch(from, events)) {
            notWatched = "";
            while (System.nanoTime() < end && take(events.next(), known)) {
                loop.goesOn();
                backoff.reset();
                tell(known);
            }
        } catch (KubernetesClientException e) {
            endIfClosed();
            notWatched = "not watched: " + text(e);
        }
        if (System.nanoTime() < end) {
            return backoff.next();
        }
        backoff.reset();
        return Duration.ZERO;
    }

    /** False if the watch has ended. */
    private static boolean take(SliceEvents.Event event, Map<String, EndpointSlice> known) {
        return switch (event) {
            case SliceEvents.Event.Put(EndpointSlice slice) -> {
                known.put(slice.getMetadata().getName(), slice);
                yield true;
            }
            case SliceEvents.Event.Gone(EndpointSlice slice) -> {
                known.remove(slice.getMetadata().getName());
                yield true;
            }
            case SliceEvents.Event.Quiet _ -> true;
            case SliceEvents.Event.End _ -> false;
        };
    }

    /** The client turns an interruption into a failure of its own and keeps the flag. */
    private static void endIfClosed() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("closed");
        }
    }

    private void tell(Map<String, EndpointSlice> known) {
        last = endpoints.read(known.values(), last);
        List<String> problems = new ArrayList<>(last.problems());
        if (!notWatched.isEmpty()) {
            problems.add(notWatched);
        }
        if (listener != null) {
            listener.found(last.workers(), problems);
        }
    }

    /** Says what failed, in a text that a repeated failure does not change. */
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
