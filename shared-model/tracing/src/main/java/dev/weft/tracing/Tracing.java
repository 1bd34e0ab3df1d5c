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
 * A service's tracer and its way to the collector. Safe for any thread; nothing here waits for the
 * collector but {@link #close}, and that for a second.
 */
public final class Tracing implements AutoCloseable {
    private static final String SCOPE = "dev.weft";
    private static final long CLOSE_MILLIS = 1_000;

    /** Of one attribute, content included; longer ones are cut. */
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

    /** Records nothing, and costs next to nothing. */
    public static Tracing off() {
        return new Tracing(TracerProvider.noop().get(SCOPE), false, null, new SpanCounts());
    }

    /**
     * Begins to trace where the settings name a collector; it need not be there.
     *
     * @param service name of the service, e.g. {@code weft-gateway}
     */
    public static Tracing start(TracingSettings settings, String service) {
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

    /** Prompts and answers are to be part of spans. */
    public boolean content() {
        return content;
    }

    public Tracer tracer() {
        return tracer;
    }

    /** The span of a request that a service has got, from when its time began. */
    public Span server(String name, Context parent, TraceTime time) {
        return tracer().spanBuilder(name)
                .setSpanKind(SpanKind.SERVER)
                .setParent(parent)
                .setStartTimestamp(time.beganEpochNanos(), TimeUnit.NANOSECONDS)
                .startSpan();
    }

    /** What has become of the spans. */
    public SpanCounts counts() {
        return counts;
    }

    /** Sends what waits, for a second at most; what is left then is lost. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static Resource resource(TracingSettings settings, String service) {
        AttributesBuilder attributes = Attributes.builder();
        settings.resource().forEach(attributes::put);
        attributes.put(AttributeKey.stringKey("service.name"), service);
        attributes.put(AttributeKey.stringKey("service.namespace"), "weft");
        return Resource.getDefault().merge(Resource.create(attributes.build()));
    }
}
