package dev.weft.standalone.adapters;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.npy.NpyArray;
import dev.weft.format.trtllm.ConversionException;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.protocol.adapter.LoraPlugin;
import dev.weft.protocol.adapter.Reason;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.output.Printed;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adapters convert}: PEFT's files as the two arrays that TensorRT-LLM reads. */
@Command(
        name = "convert",
        description =
                "Writes an adapter as TensorRT-LLM reads it: "
                        + LoraArrays.WEIGHTS_FILE
                        + " and "
                        + LoraArrays.CONFIG_FILE
                        + ". Needs no server.",
        mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
    private static final List<String> CHAT_FILES =
            List.of("chat_template.jinja", "tokenizer_config.json", "special_tokens_map.json");

    @Parameters(paramLabel = "FOLDER", description = "An adapter as PEFT saves it.")
    private Path folder = Path.of("");

    @Parameters(
            paramLabel = "OUT",
            description = "Folder for the two files; made if it is not there.")
    private Path out = Path.of("");

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float16",
            description =
                    "float16, float32 or bfloat16: lora_plugin of the engine (default:"
                            + " ${DEFAULT-VALUE}).")
    private LoraPlugin dtype = LoraPlugin.FLOAT16;

    @Option(
            names = "--base",
            paramLabel = "CHECKPOINT",
            description =
                    "Folder of the base, to check that the adapter fits it; needed if FOLDER has"
                            + " arrays already and their type is to change.")
    private @Nullable Path base;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        return switch (check()) {
            case LoraCheck.Refused(List<Reason> reasons) -> {
                PrintWriter err = spec.commandLine().getErr();
                reasons.forEach(r -> err.println("weft: " + r.code() + ": " + r.message()));
                err.flush();
                yield 1;
            }
            case LoraCheck.Accepted(LoraAdapter adapter, List<Reason> warnings) -> {
                try (adapter) {
                    warnings.forEach(r -> print("note: " + r.message()));
                    convert(adapter);
                }
                yield 0;
            }
        };
    }

    private LoraCheck check() throws CommandException {
        if (base == null) {
            if (LoraFolder.holdsArraysOnly(folder)) {
                throw new CommandException(
                        folder
                                + " holds TensorRT-LLM's arrays already; to check them or to change"
                                + " their type, name the base: --base CHECKPOINT");
            }
            return LoraFolder.checkAlone(folder);
        }
        Path config = Files.isDirectory(base) ? base.resolve("config.json") : base;
        try {
            return LoraFolder.check(folder, ModelConfig.read(config).shape(), Integer.MAX_VALUE);
        } catch (IOException e) {
            throw new CommandException("--base " + base + ": " + config + " can't be read: " + e);
        } catch (CheckpointException e) {
            throw new CommandException("--base " + base + ": " + e.getMessage());
        }
    }

    private void convert(LoraAdapter adapter) throws CommandException {
        try (Arena arena = Arena.ofConfined()) {
            LoraArrays arrays = LoraArrays.of(adapter, LoraArrays.storage(dtype), arena);
            arrays.write(out);
            print(line(LoraArrays.WEIGHTS_FILE, arrays.weights()));
            print(line(LoraArrays.CONFIG_FILE, arrays.config()));
        } catch (ConversionException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(
                    e.getFile() + " is there already: remove it, or name another OUT");
        } catch (IOException e) {
            throw new CommandException(out + " can't be written: " + e);
        }
        for (String name : CHAT_FILES) {
            if (Files.exists(folder.resolve(name)) && !Files.exists(out.resolve(name))) {
                print("note: " + name + " is part of the adapter too: copy it beside the arrays");
            }
        }
    }

    private String line(String file, NpyArray array) {
        String type = array.type().name().toLowerCase(Locale.ROOT);
        return out.resolve(file) + "  " + type + " " + array.shapeText();
    }

    private void print(String line) {
        Printed.line(spec, line);
    }
}
