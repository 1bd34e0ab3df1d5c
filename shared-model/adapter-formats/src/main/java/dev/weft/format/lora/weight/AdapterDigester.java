package dev.weft.format.lora.weight;

import dev.weft.chat.TokenizerConfig;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.name.NormPath;
import dev.weft.format.lora.name.TensorName.Half;
import dev.weft.format.lora.name.TensorName.Side;
import dev.weft.format.lora.name.TensorPlace;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.digest.Sha256;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The digest of an adapter: SHA-256 over everything that decides about its answers, and over
 * nothing else. Two folders that differ in their README, in base_model_name_or_path, in
 * peft_version, in the order of keys, in how they spell tensor names or targets, or in the layout
 * of the safetensors file have the same digest; a changed weight, type, rank, alpha, scaling rule,
 * chat template or special token gives another one.
 *
 * <p>The digested bytes are these lines, each ended by one line feed, in UTF-8, in this order:
 *
 * <pre>
 * weft-adapter-1
 * alpha HEX64                                 lora_alpha
 * rslora true|false
 * pair MODULE HEX32                           for each pair: its scale
 * tensor NAME DTYPE ROWS COLUMNS BYTES        its A, then its B, each followed by the
 *                                             BYTES bytes of the tensor and a line feed
 * tensor NAME DTYPE ROWS BYTES                its bias, its magnitude, if it has them
 *                                             then pairs of embedding and head in this way
 * tensor NAME DTYPE ROWS COLUMNS BYTES        an embedding, then a head of its own, then a copy
 *                                             of the base's embedding, then of its head
 * same-base true                              if these copies must be the base's
 * tokens MODULE [ID, ID...]                   tokens of its own, then their tensor
 * tensor NAME DTYPE ROWS BYTES                each norm of its own, by name
 *                                             then pairs of experts, by module, and those of
 *                                             parameters of all experts
 * invocation [ID, ID...]                      if it is active from there on only
 * task FEATURE_EXTRACTION|SEQ_CLS             unless it makes text; of the first
 * pooling MODE NORMALIZED                     if the adapter says it
 * longest TOKENS                              if it says that too; of the second
 * tensor NAME DTYPE ROWS COLUMNS BYTES        its head, then the head's bias if it has one
 * template BYTES BYTES                        for each chat template: its name, its text
 * token BYTES BYTES                           for each special token: attribute, text
 * additional-token BYTES                      for each additional special token: its text
 * add-bos true|false                          if tokenizer_config.json says it
 * response-template BYTES                     if it says one: as JSON without spaces, keys in order
 * </pre>
 *
 * HEX64 and HEX32 are the bits of the IEEE 754 number of 64 and 32 bits as lower-case hexadecimal
 * digits without leading zeros. MODULE is as {@code model.layers.0.self_attn.q_proj}, NAME of a
 * tensor PEFT's spelling ({@code base_model.model.MODULE.lora_A.weight}), DTYPE as in safetensors,
 * the tensor's bytes as they lie in the file. Pairs are sorted by MODULE, templates by NAME, tokens
 * by ATTRIBUTE, all by the order of their UTF-16 units; additional tokens keep the file's order.
 * BYTES counts the bytes (of texts: in UTF-8) of the items that follow the line in this order, each
 * ended by a line feed. Nothing is written for an item that the folder does not have.
 */
public final class AdapterDigester {
    private final MessageDigest sha256 = Sha256.digest();

    public AdapterDigest digest(
            double alpha,
            boolean rsLora,
            List<LoraPair> pairs,
            Surroundings around,
            List<Integer> invocation,
            LoraTask task,
            TokenizerConfig chat) {
        line("weft-adapter-1");
        line("alpha " + Long.toHexString(Double.doubleToLongBits(alpha)));
        line("rslora " + rsLora);
        pairs.stream()
                .sorted(Comparator.comparing(pair -> module(pair).text()))
                .forEach(this::pair);
        around(around);
        if (!invocation.isEmpty()) {
            line("invocation " + invocation);
        }
        task(task);
        chat(chat);
        return AdapterDigest.of(sha256.digest());
    }

    private void pair(LoraPair pair) {
        line("pair " + module(pair).text() + " " + hex(pair.scale()));
        tensor(Half.canonical(module(pair), Side.A), pair.a());
        tensor(Half.canonical(module(pair), Side.B), pair.b());
        tensor(module(pair), Side.BIAS, pair.outputs().bias());
        tensor(module(pair), Side.MAGNITUDE, pair.outputs().magnitude());
    }

    private void around(Surroundings around) {
        around.pairs()
                .forEach((edge, pair) -> {
                    line("pair " + edge.text() + " " + hex(pair.scale()));
                    tensor(edge, Side.A, pair.a());
                    tensor(edge, Side.B, pair.b());
                    tensor(edge, Side.BIAS, pair.outputs().bias());
                    tensor(edge, Side.MAGNITUDE, pair.outputs().magnitude());
                });
        around.copies().forEach((edge, copy) -> tensor(edge, Side.WEIGHT, copy));
        around.bases().forEach((edge, copy) -> tensor(edge, Side.BASE, copy));
        if (around.sameBase()) {
            line("same-base true");
        }
        around.rows()
                .forEach((edge, rows) -> {
                    line("tokens " + edge.text() + " " + rows.tokens());
                    tensor(edge, Side.TOKENS, rows.values());
                });
        around.norms().forEach((norm, values) -> tensor(new NormPath(norm), Side.WEIGHT, values));
        around.experts()
                .byModule()
                .forEach((module, pair) -> {
                    line("pair " + module + " " + hex(pair.scale()));
                    tensor(pair.path(), Side.A, pair.a());
                    tensor(pair.path(), Side.B, pair.b());
                });
        around.experts()
                .byParameter()
                .forEach((parameter, stack) -> {
                    line("pair " + parameter + " " + hex(stack.scale()));
                    tensor(stack.path(), Side.A, stack.a());
                    tensor(stack.path(), Side.B, stack.b());
                });
    }

    private void task(LoraTask task) {
        switch (task) {
            case LoraTask.Generation() -> {}
            case LoraTask.Embedding(var pooling) -> {
                line("task " + task.kind());
                if (pooling != null) {
                    line("pooling " + pooling.mode().word() + " " + pooling.normalized());
                    pooling.longest().ifPresent(longest -> line("longest " + longest));
                }
            }
            case LoraTask.Classification _ -> {
                line("task " + task.kind());
                task.tensors().forEach(tensor -> tensor(tensor.name(), tensor));
            }
        }
    }

    private static String hex(float scale) {
        return Integer.toHexString(Float.floatToIntBits(scale));
    }

    private void tensor(TensorPlace module, Side side, @Nullable Tensor tensor) {
        if (tensor != null) {
            tensor(Half.canonical(module, side), tensor);
        }
    }

    private void tensor(String name, Tensor tensor) {
        String shape =
                tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(" "));
        long bytes = tensor.data().byteSize();
        line("tensor " + name + " " + tensor.dtype() + " " + shape + " " + bytes);
        bytes(tensor.data());
        line("");
    }

    private void chat(TokenizerConfig chat) {
        new TreeMap<>(chat.chatTemplates()).forEach((name, text) -> texts("template", name, text));
        new TreeMap<>(chat.specialTokens()).forEach((name, text) -> texts("token", name, text));
        chat.additionalSpecialTokens().forEach(text -> texts("additional-token", text));
        if (chat.addBosToken() != null) {
            line("add-bos " + chat.addBosToken());
        }
        if (chat.responseTemplate() != null) {
            texts("response-template", chat.responseTemplate());
        }
    }

    /** Writes lengths first, so that no text can pass for something else. */
    private void texts(String kind, String... texts) {
        List<byte[]> parts =
                Arrays.stream(texts).map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
        line(parts.stream().map(p -> " " + p.length).collect(Collectors.joining("", kind, "")));
        for (byte[] part : parts) {
            sha256.update(part);
            line("");
        }
    }

    private void line(String text) {
        sha256.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Reads straight from the mapped file: a buffer spans at most 2 GiB. */
    private void bytes(MemorySegment data) {
        long chunk = 1L << 30;
        for (long at = 0; at < data.byteSize(); at += chunk) {
            long size = Math.min(chunk, data.byteSize() - at);
            sha256.update(data.asSlice(at, size).asByteBuffer());
        }
    }

    private static ModulePath module(LoraPair pair) {
        return new ModulePath(pair.layer(), pair.module());
    }
}
