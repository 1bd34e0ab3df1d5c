package dev.weft.format.lora;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.Reason;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks folders of adapters. A folder holds either the files that PEFT writes, adapter_config.json
 * and adapter_model.safetensors, with the chat template and special tokens if the adapter brings
 * them; or those that TensorRT-LLM reads, model.lora_weights.npy and model.lora_config.npy.
 * Whatever the files hold, the answer is a {@link LoraCheck} with every reason that could be found,
 * never an exception. No pickle is ever opened. Safe for any thread.
 */
public final class LoraFolder {
    private LoraFolder() {}

    /**
     * Checks an adapter against a base model.
     *
     * @param folder the folder of the files; they must not change while the adapter is open
     * @param maxRank the deployment's maximum
     */
    public static LoraCheck check(Path folder, DecoderShape base, int maxRank) {
        return check(folder, base, maxRank, null);
    }

    /**
     * Checks an adapter against a base model that has a name. An adapter that names another base
     * than {@code baseName} is accepted with a warning, since PEFT often writes the path of the
     * machine that trained it.
     *
     * @param baseName repository of the base, as {@code owner/name}
     */
    public static LoraCheck check(
            Path folder, DecoderShape base, int maxRank, @Nullable String baseName) {
        return check(folder, BaseShape.plain(base), maxRank, baseName);
    }

    /** Checks an adapter against a base whose shape may come from the checkpoint's weights. */
    public static LoraCheck check(
            Path folder, BaseShape base, int maxRank, @Nullable String baseName) {
        return check(folder, base, maxRank, baseName, false);
    }

    /**
     * Checks an adapter against a base whose embedding and head must stay as they are.
     *
     * @param sameBase whether the adapter's copies of them must equal the base's. Its digest then
     *     says so, and the engine that has the base compares them
     */
    public static LoraCheck check(
            Path folder, BaseShape base, int maxRank, @Nullable String baseName, boolean sameBase) {
        return open(
                arena -> new FolderCheck(folder, base, maxRank, baseName, sameBase, arena).run());
    }

    /**
     * Checks an adapter of PEFT without its base. The sizes of the layers come from the tensors
     * themselves, which must agree with each other. The check does not say whether the adapter fits
     * a certain base.
     */
    public static LoraCheck checkAlone(Path folder) {
        return check(folder, ImpliedBase.of(folder), Integer.MAX_VALUE);
    }

    /** True if a folder holds TensorRT-LLM's arrays and no adapter_model.safetensors. */
    public static boolean holdsArraysOnly(Path folder) {
        return !Files.exists(folder.resolve(AdapterFiles.TENSORS))
                && AdapterFiles.ARRAYS.stream()
                        .anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    /**
     * Opens an adapter again that {@link #check} has accepted for this base and rank and whose
     * files have not changed since. Names, types and shapes are checked; the values are not read
     * and the digest is trusted. The cost is that of the file's header, whatever the file's size.
     *
     * @param digest the digest that the check found
     */
    public static LoraCheck reopen(
            Path folder, DecoderShape base, int maxRank, AdapterDigest digest) {
        return reopen(folder, BaseShape.plain(base), maxRank, digest);
    }

    /**
     * Opens a checked adapter again, against a base whose shape may come from the checkpoint's
     * weights.
     */
    public static LoraCheck reopen(Path folder, BaseShape base, int maxRank, AdapterDigest digest) {
        return reopen(folder, base, maxRank, digest, false);
    }

    /** Opens a checked adapter again, against a base whose embedding and head must stay. */
    public static LoraCheck reopen(
            Path folder, BaseShape base, int maxRank, AdapterDigest digest, boolean sameBase) {
        return open(arena ->
                new FolderCheck(folder, base, maxRank, null, sameBase, arena).reopen(digest));
    }

    @SuppressWarnings("MustBeClosedChecker") // an accepted adapter takes the arena with it
    private static LoraCheck open(Function<Arena, LoraCheck> work) {
        Arena arena = Arena.ofShared();
        LoraCheck check = null;
        try {
            check = work.apply(arena);
            return check;
        } finally {
            if (!(check instanceof LoraCheck.Accepted)) {
                arena.close();
            }
        }
    }

    /**
     * The reasons against a folder or a repository that its file names alone give, such as a
     * pickle; empty if they give none.
     */
    public static List<Reason> refuseNames(List<String> fileNames) {
        Reasons reasons = new Reasons();
        AdapterFiles.checkNames(fileNames, reasons);
        return reasons.refusals();
    }
}
