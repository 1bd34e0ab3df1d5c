package dev.weft.inference.server.settings;

import dev.weft.service.settings.EngineSettings;
import dev.weft.settings.Allowed;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.SizeRange;
import dev.weft.settings.Unset;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code weft.inference}.
 *
 * @param precision Precision of the base's linear layers in the embedded engine; adapters are bf16
 *     in both.
 * @param kernels What the embedded engine's linear layers run on: {@code auto} takes oneDNN if the
 *     processor has instructions for the precision, else measures oneDNN and the Vector API at the
 *     first start on a machine and takes the faster for each shape, in int8 without VNNI oneDNN's
 *     with the numbers from -90 to 90; {@code onednn} and {@code vector} take that one; {@code
 *     reference} is plain Java, for comparisons, and very slow.
 * @param instructionSet Highest instruction set that the embedded engine uses, to try how an older
 *     processor serves; {@code auto} is all that the processor has.
 * @param packedWeightsBytes Disk for copies of the base's packed weights in the worker's data
 *     folder, which the embedded engine maps at the next start instead of packing anew, and which
 *     workers that use one folder share; the oldest go first, 0 keeps none.
 * @param threads Threads of the embedded engine; 0 means one per core.
 * @param pinThreads Bind each thread of the embedded engine but the first to a processor of its
 *     own, on Linux; for machines that do nothing else.
 * @param maxLoras Adapters in engine slots at once; one that is not there is loaded when asked for,
 *     and the one unused for longest leaves.
 * @param hostCacheBytes Memory for adapters that have left their slot, ready to come back at once;
 *     the one unused for longest goes first, 0 keeps none. Those in slots come on top.
 * @param maxRows Requests that share a step of the engine.
 * @param maxBatchTokens Tokens of one forward pass, pieces of prompts included; at least {@code
 *     max-rows}.
 * @param maxModelLength Tokens of prompt and answer together; 0 means the model's own limit.
 * @param kvCacheTokens Tokens that the KV cache holds, all requests together; 0 means {@code
 *     max-rows} times the context, at most a quarter of the machine's memory.
 * @param kvCachePrecision Precision of keys and values in the KV cache of the embedded engine;
 *     {@code int8} holds nearly twice the tokens in the same memory. {@code bf16} is an older name
 *     of {@code int16}.
 * @param maxQueue Requests that may wait for a row; more are answered with 503, or with 429 those
 *     of the tenant that has the most waiting.
 * @param adapterTimeout Longest wait for an adapter to be fetched, loaded and given a slot.
 * @param prefixCache Requests to one adapter (or to the base) that begin with the same tokens share
 *     what was computed for them, as {@code prefix-sharing} says.
 * @param prefixSharing Whose requests may share by {@code prefix-cache}: each tenant's among
 *     themselves ({@code tenant}), or anybody's ({@code all}). Requests for the public models named
 *     here share with anybody's, which tells a client who looks at {@code cached_tokens} what
 *     others have sent.
 * @param maxTokenGap Longest time between two tokens of an answer that others' prompts may cause;
 *     they are cut into pieces that are expected to take less, of 16 tokens at least.
 * @param speculativeTokens Tokens that the embedded engine may guess for each request from what
 *     followed the same tokens in its prompt and answer, and verify together with the next one;
 *     answers stay what they are without, and it guesses only if steps gain by it. 0 guesses
 *     nothing.
 * @param draftModel Folder with a checkpoint that has the base's tokenizer and is much smaller,
 *     e.g. of its series; the embedded engine lets it guess if the text of a request tells little.
 *     It takes memory for its weights and a KV cache of its own.
 * @param mergeSingleAdapter While the catalog has one adapter, fold it into a copy of the layers
 *     that it changes, if memory is free for that.
 * @param drainTimeout Longest time that running requests have to finish when the worker is told to
 *     end; its readiness answers 503 meanwhile. Above 2 s the process takes as much longer to end.
 * @param stallTimeout Longest time that the engine may make no step while it has requests; then the
 *     worker is not ready, and gateways take their requests away from it.
 */
@ConfigurationProperties("weft.inference")
public record InferenceSettings(
        @DefaultValue("bf16") PrecisionChoice precision,
        @DefaultValue("auto") KernelChoice kernels,
        @DefaultValue("auto") InstructionSetChoice instructionSet,
        @DefaultValue("20GiB") @SizeRange DataSize packedWeightsBytes,
        @DefaultValue("0") @Range(min = 0, max = 1024) int threads,
        @DefaultValue("false") boolean pinThreads,
        @DefaultValue("16") @Range(min = 1, max = 4096) int maxLoras,
        @SizeRange @Unset("an eighth of the machine's memory") @Nullable DataSize hostCacheBytes,
        @DefaultValue("32") @Range(min = 1, max = 1024) int maxRows,
        @DefaultValue("512") @Range(min = 16, max = 65536) int maxBatchTokens,
        @DefaultValue("0") @Range(min = 0, max = 1 << 24) int maxModelLength,
        @DefaultValue("0") @Range(min = 0, max = 1L << 40) long kvCacheTokens,
        @DefaultValue("int16") CachePrecision kvCachePrecision,
        @DefaultValue("256") @Range(min = 0, max = 1_000_000) int maxQueue,
        @DefaultValue("1m") @DurationMin(seconds = 1) @DurationMax(minutes = 10)
                Duration adapterTimeout,
        @DefaultValue("true") boolean prefixCache,
        @DefaultValue("tenant")
                List<
                                @Pattern(
                                        regexp = "[A-Za-z0-9][A-Za-z0-9._/-]*",
                                        message =
                                                "tenant, all, or the name of a public model:"
                                                        + " that of the base, of an adapter, or"
                                                        + " TENANT/NAME")
                                String>
                        prefixSharing,
        @DefaultValue("200ms") @DurationMin(millis = 1) @DurationMax(minutes = 10)
                Duration maxTokenGap,
        @DefaultValue("8") @Range(min = 0, max = 64) int speculativeTokens,
        @Unset("none") @Allowed("a folder") @Nullable Path draftModel,
        @DefaultValue("true") boolean mergeSingleAdapter,
        @DefaultValue("2s") @DurationMin @DurationMax(hours = 1) Duration drainTimeout,
        @DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(hours = 1)
                Duration stallTimeout)
        implements Consistent {
    public InferenceSettings {
        prefixSharing = List.copyOf(prefixSharing);
    }

    /** The bytes of {@code hostCacheBytes}; empty if they are not given. */
    public OptionalLong hostCache() {
        return hostCacheBytes == null
                ? OptionalLong.empty()
                : OptionalLong.of(hostCacheBytes.toBytes());
    }

    /** The bytes of {@code packedWeightsBytes}. */
    public long packedWeights() {
        return packedWeightsBytes.toBytes();
    }

    /** Whoever sends a request, it may share with any. */
    public boolean sharesAllPrefixes() {
        return prefixSharing.contains("all");
    }

    @Override
    public void check(Faults faults, BoundSettings all) {
        if (maxBatchTokens < maxRows) {
            faults.add(
                    "max-batch-tokens",
                    "%d is not allowed: at least weft.inference.max-rows, which is %d"
                            .formatted(maxBatchTokens, maxRows));
        }
    }

    @Override
    public void checkFiles(Faults faults, BoundSettings all) {
        boolean drafts =
                switch (all.get(EngineSettings.class).engine()) {
                    case AUTO, CPU -> true;
                    case TENSORRT_LLM, VLLM, TRTLLM_SERVE, SGLANG -> false;
                };
        if (drafts && draftModel != null && !Files.isDirectory(draftModel)) {
            faults.add("draft-model", "'" + draftModel + "' is not allowed: it is not a folder");
        }
    }

    /** Precisions of the base's linear layers. */
    public enum PrecisionChoice {
        BF16,
        INT8
    }

    /** Precisions of the KV cache. */
    public enum CachePrecision {
        INT16,
        INT8,

        /** An older name of {@link #INT16}. */
        BF16
    }

    /** Kinds of kernels. */
    public enum KernelChoice {
        AUTO,
        ONEDNN,
        VECTOR,
        REFERENCE
    }

    /** Instruction sets of x86-64 processors. */
    public enum InstructionSetChoice {
        AUTO,
        AVX2,
        AVX512,
        AVX512_VNNI,
        AVX512_BF16
    }
}
