package dev.weft.standalone;

import dev.weft.standalone.adapters.AdaptersCommand;
import dev.weft.standalone.adapters.BasesCommand;
import dev.weft.standalone.adapters.TokensCommand;
import dev.weft.standalone.bench.BenchCommand;
import dev.weft.standalone.chat.ChatCommand;
import dev.weft.standalone.config.ConfigCommand;
import dev.weft.standalone.engine.EngineCommand;
import dev.weft.standalone.launch.RunCommand;
import dev.weft.standalone.launch.ServeCommand;
import dev.weft.standalone.top.TopCommand;
import dev.weft.standalone.usage.UsageCommand;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The entry point of {@code ./weft}. Exit codes: 0 done, 1 failed, 2 wrong command line or file.
 */
@Command(
        name = "weft",
        description = "Serves many LoRA adapters over one base model.",
        mixinStandardHelpOptions = true,
        version = "weft 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Also: weft test [MODULE] installs what the tests need and runs them;",
            "weft aot makes a cache with which services start faster.",
            "Configuration: docs/configuration.md"
        },
        subcommands = {
            ServeCommand.class,
            RunCommand.class,
            ConfigCommand.class,
            AdaptersCommand.class,
            EngineCommand.class,
            BasesCommand.class,
            TokensCommand.class,
            UsageCommand.class,
            ChatCommand.class,
            BenchCommand.class,
            TopCommand.class
        })
public final class Weft {
    private Weft() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        // numbers in files and messages have the same digits everywhere
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        System.exit(withOutput(commandLine().execute(arguments)));
    }

    /**
     * The exit code; a failure if output was lost, which the JVM's stream doesn't tell by itself.
     */
    private static int withOutput(int code) {
        if (code != 0 || !System.out.checkError()) {
            return code;
        }
        System.err.println("weft: the output could not be written");
        return FailureReport.FAILED;
    }

    /** The command line, for tests too. */
    static CommandLine commandLine() {
        return new CommandLine(new Weft())
                .setExecutionExceptionHandler(new FailureReport())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
