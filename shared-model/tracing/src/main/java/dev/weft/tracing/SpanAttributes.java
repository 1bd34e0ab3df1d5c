package dev.weft.tracing;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * Names of attributes. Those that begin with {@code gen_ai}, {@code http}, {@code url}, {@code
 * server} and {@code error} are OpenTelemetry's semantic conventions ("GenAI spans", "HTTP spans");
 * those that begin with {@code weft} are Weft's.
 */
public final class SpanAttributes {
    public static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
    public static final AttributeKey<String> PROVIDER = stringKey("gen_ai.provider.name");
    public static final AttributeKey<String> REQUEST_MODEL = stringKey("gen_ai.request.model");
    public static final AttributeKey<Long> MAX_TOKENS = longKey("gen_ai.request.max_tokens");
    public static final AttributeKey<Long> CHOICES = longKey("gen_ai.request.choice.count");
    public static final AttributeKey<Double> TEMPERATURE = doubleKey("gen_ai.request.temperature");
    public static final AttributeKey<Double> TOP_P = doubleKey("gen_ai.request.top_p");
    public static final AttributeKey<String> RESPONSE_ID = stringKey("gen_ai.response.id");
    public static final AttributeKey<String> RESPONSE_MODEL = stringKey("gen_ai.response.model");
    public static final AttributeKey<List<String>> FINISH_REASONS =
            stringArrayKey("gen_ai.response.finish_reasons");
    public static final AttributeKey<Long> INPUT_TOKENS = longKey("gen_ai.usage.input_tokens");
    public static final AttributeKey<Long> OUTPUT_TOKENS = longKey("gen_ai.usage.output_tokens");
    public static final AttributeKey<Long> CACHED_TOKENS =
            longKey("gen_ai.usage.cache_read.input_tokens");
    public static final AttributeKey<String> INPUT_MESSAGES = stringKey("gen_ai.input.messages");
    public static final AttributeKey<String> OUTPUT_MESSAGES = stringKey("gen_ai.output.messages");

    public static final AttributeKey<String> METHOD = stringKey("http.request.method");
    public static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
    public static final AttributeKey<String> PATH = stringKey("url.path");
    public static final AttributeKey<String> ROUTE = stringKey("http.route");
    public static final AttributeKey<String> SERVER_ADDRESS = stringKey("server.address");
    public static final AttributeKey<Long> SERVER_PORT = longKey("server.port");
    public static final AttributeKey<String> ERROR_TYPE = stringKey("error.type");

    /** A name of the catalog; missing for the base. */
    public static final AttributeKey<String> ADAPTER = stringKey("weft.adapter");

    public static final AttributeKey<String> ADAPTER_DIGEST = stringKey("weft.adapter.digest");
    public static final AttributeKey<String> ADAPTER_VERSION = stringKey("weft.adapter.version");
    public static final AttributeKey<String> REQUEST_ID = stringKey("weft.request.id");
    public static final AttributeKey<String> OUTCOME = stringKey("weft.outcome");
    public static final AttributeKey<Boolean> STREAM = booleanKey("weft.stream");
    public static final AttributeKey<Long> ATTEMPT = longKey("weft.attempt");

    /**
     * The tier in which an adapter was found: {@code slot}, {@code host}, {@code disk} or {@code
     * catalog}.
     */
    public static final AttributeKey<String> TIER = stringKey("weft.adapter.tier");

    /** The catalog's number of a registration, not the number of a version of its name. */
    public static final AttributeKey<Long> VERSION_ID = longKey("weft.version.id");

    public static final AttributeKey<String> SOURCE = stringKey("weft.source");
    public static final AttributeKey<String> REPOSITORY = stringKey("weft.repository");

    public static final AttributeKey<Long> CHOICE = longKey("weft.choice");

    /**
     * How the engine ended a choice: {@code stop}, {@code length}, {@code cancelled}, or a failure.
     */
    public static final AttributeKey<String> END = stringKey("weft.end");

    public static final AttributeKey<Long> TOKENS = longKey("weft.tokens");
    public static final AttributeKey<Long> STEPS = longKey("weft.steps");
    public static final AttributeKey<Long> CHUNKS = longKey("weft.chunks");
    public static final AttributeKey<Long> PREEMPTIONS = longKey("weft.preemptions");

    private SpanAttributes() {}
}
