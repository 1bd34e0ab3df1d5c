package dev.weft.format.lora.canonical;

import dev.weft.chat.TokenizerConfig;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.file.Rename;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.pooling.PoolingFiles;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of an adapter that services pass to each other: adapter_config.json,
 * adapter_model.safetensors and, if the adapter brings them, chat_template.jinja,
 * tokenizer_config.json and special_tokens_map.json. They decide about the digest; nothing else of
 * a folder does. If there is no adapter_model.safetensors, TensorRT-LLM's model.lora_weights.npy
 * and model.lora_config.npy take its place; beside one they repeat the same content and stay
 * behind.
 */
public final class CanonicalAdapter {
    private CanonicalAdapter() {}

    /** True for the names that an artifact may hold. */
    public static boolean holds(String fileName) {
        return fileName.equals(AdapterFiles.CONFIG)
                || fileName.equals(AdapterFiles.TENSORS)
                || AdapterFiles.ARRAYS.contains(fileName)
                || AdapterFiles.CHAT.contains(fileName);
    }

    /** The files of a folder that belong to the adapter, in the order of {@link #holds}. */
    public static List<String> files(Path folder) {
        List<String> names = checked(folder);
        boolean peft = names.contains(AdapterFiles.TENSORS);
        return names.stream()
                .filter(CanonicalAdapter::holds)
                .filter(name -> !peft || !AdapterFiles.ARRAYS.contains(name))
                .toList();
    }

    /**
     * The files that {@link LoraFolder#check} opens: those of the adapter, arrays that must agree
     * with them, and files that tell how an adapter pools, as paths within the folder.
     */
    public static List<String> checked(Path folder) {
        List<String> names = new ArrayList<>(List.of(AdapterFiles.CONFIG, AdapterFiles.TENSORS));
        names.addAll(AdapterFiles.ARRAYS);
        names.addAll(AdapterFiles.CHAT);
        names.addAll(PoolingFiles.ALL);
        return names.stream().filter(name -> Files.isRegularFile(folder.resolve(name))).toList();
    }

    /**
     * Copies the adapter's files, byte by byte, into a new folder, which appears whole or not at
     * all. The source may change meanwhile: check the copy, not the source, with {@link
     * LoraFolder#check} before its digest is trusted.
     *
     * @param to must not exist; its parent must
     * @return names of the files that were copied
     * @throws FileAlreadyExistsException if {@code to} exists
     */
    public static List<String> write(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            throw new FileAlreadyExistsException(to.toString());
        }
        Path parent = to.toAbsolutePath().getParent();
        Path part = Files.createTempDirectory(parent, ".adapter-");
        List<String> names = files(from);
        try {
            for (String name : names) {
                Files.copy(from.resolve(name), part.resolve(name));
            }
            Rename.atOnce(part, to);
        } catch (IOException e) {
            delete(part);
            throw e;
        }
        return names;
    }

    /**
     * Writes a checked adapter of PEFT's files in the one form that its digest has: keys and
     * tensors in order, in PEFT's names, without anything that the digest does not cover. The files
     * are then read again, and their digest is compared.
     *
     * @param from the folder that was checked
     * @param to a folder that is empty
     * @return the files in it
     * @throws AlteredException if the written files are another adapter
     * @throws IOException if the disk fails
     */
    public static List<Path> normalise(Path from, LoraAdapter adapter, DecoderShape base, Path to)
            throws IOException {
        new CanonicalFiles(adapter).write(to, TokenizerConfig.read(from));
        switch (LoraFolder.check(to, base, adapter.facts().rank())) {
            case LoraCheck.Accepted(LoraAdapter written, List<Reason> _) -> {
                try (written) {
                    if (!written.digest().equals(adapter.digest())) {
                        throw new AlteredException(
                                adapter.digest() + " came out as " + written.digest());
                    }
                }
            }
            case LoraCheck.Refused(List<Reason> reasons) ->
                    throw new AlteredException(adapter.digest() + " came out as " + reasons);
        }
        return files(to).stream().map(to::resolve).toList();
    }

    private static void delete(Path part) throws IOException {
        for (String name : files(part)) {
            Files.deleteIfExists(part.resolve(name));
        }
        Files.deleteIfExists(part);
    }
}
