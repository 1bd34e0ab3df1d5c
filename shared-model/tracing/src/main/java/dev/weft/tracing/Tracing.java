package dev.weft.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A service's tracer and its way to the collector. Safe for any thread. Only {@link #close} waits
 * for the collector, for a second at most.
 */
public final class Tracing implements AutoCloseable {
    private static final String SCOPE = "dev.weft";
    private static final long CLOSE_MILLIS = 1_000;

    /** The longest value of one attribute, content included; longer ones are cut. */
    private static final int LONGEST_VALUE = 64 << 10;

    private final Tracer tracer;
    private final boolean content;
    private final @Nullable SdkTracerProvider provider;
    private final SpanCounts counts;

    private Tracing(
            Tracer tracer,
            boolean content,
            @Nullable SdkTracerProvider provider,
            SpanCounts counts) {
        this.tracer = tracer;
        this.content = content;
        this.provider = provider;
        this.counts = counts;
    }

    /** A tracer that records nothing and costs next to nothing. */
    public static Tracing off() {
        return new Tracing(TracerProvider.noop().get(SCOPE), false, null, new SpanCounts());
    }

    /**
     * Begins to trace if the settings name a collector, which need not be running.
     *
     * @param service name of the service, e.g. {@code weft-gateway}
     */
    public static Tracing start(TracingOptions settings, String service) {
        URI endpoint = settings.endpoint();
        if (endpoint == null) {
            return off();
        }
        SpanCounts counts = new SpanCounts();
        SdkTracerProvider provider =
                SdkTracerProvider.builder()
                        .setResource(resource(settings, service))
                        .setSampler(
                                Sampler.parentBased(
                                        Sampler.traceIdRatioBased(settings.sampleRatio())))
                        .setSpanLimits(
                                SpanLimits.builder()
                                        .setMaxAttributeValueLength(LONGEST_VALUE)
                                        .build())
                        .addSpanProcessor(SpanQueue.to(endpoint, settings, counts))
                        .build();
        return new Tracing(provider.get(SCOPE), settings.content(), provider, counts);
    }

    public boolean isOn() {
        return provider != null;
    }

    /** True if prompts and answers are part of spans. */
    public boolean content() {
        return content;
    }

    public Tracer tracer() {
        return tracer;
    }

    /** Begins the span of a request that a service has received, at the start of the given time. */
    public Span server(String name, Context parent, TraceTime time) {
        return tracer().spanBuilder(name)
                .setSpanKind(SpanKind.SERVER)
                .setParent(parent)
                .setStartTimestamp(time.beganEpochNanos(), TimeUnit.NANOSECONDS)
                .startSpan();
    }

    /** The counts of the spans by their outcome. */
    public SpanCounts counts() {
        return counts;
    }

    /** Sends the waiting spans, for a second at most; the rest is lost. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static Resource resource(TracingOptions settings, String service) {
        AttributesBuilder attributes = Attributes.builder();
        settings.resource().forEach(attributes::put);
        attributes.put(AttributeKey.stringKey("service.name"), service);
        attributes.put(AttributeKey.stringKey("service.namespace"), "weft");
        return Resource.getDefault().merge(Resource.create(attributes.build()));
    }
}
