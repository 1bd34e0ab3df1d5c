package dev.weft.standalone.chat;

import dev.weft.standalone.chat.ChatClient.Message;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.http.ApiKeyOption;
import dev.weft.standalone.http.CommandClients;
import dev.weft.standalone.http.GatewayOption;
import dev.weft.standalone.http.OfUrl;
import dev.weft.standalone.output.Printed;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chat MODEL [PROMPT]}. */
@Command(
        name = "chat",
        description = "Asks a model: one answer, or a conversation without PROMPT.",
        mixinStandardHelpOptions = true)
public final class ChatCommand implements Callable<Integer> {
    @Option(
            names = GatewayOption.NAME,
            paramLabel = "URL",
            defaultValue = GatewayOption.USUAL,
            converter = OfUrl.class,
            description = "Address of the gateway (default: ${DEFAULT-VALUE}).")
    private URI gateway = URI.create(GatewayOption.USUAL);

    @Mixin private ApiKeyOption apiKey = new ApiKeyOption();

    @Option(names = "--system", paramLabel = "TEXT", description = "System message.")
    private @Nullable String system;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Adapter or base model.")
    private String model = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PROMPT",
            description = "What to ask; without it, each line of the input is a question.")
    private @Nullable String prompt;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException, IOException {
        var conversation = new ArrayList<Message>();
        if (system != null) {
            conversation.add(new Message("system", system));
        }
        try (var client = new ChatClient(gateway, apiKey.key(), CommandClients.client())) {
            if (prompt != null) {
                ask(client, conversation, prompt);
                return 0;
            }
            return converse(client, conversation);
        }
    }

    private int converse(ChatClient client, List<Message> conversation)
            throws CommandException, IOException {
        boolean person = isTerminal();
        var input = new BufferedReader(new InputStreamReader(System.in, typed()));
        while (true) {
            if (person) {
                write("> ");
            }
            String line = input.readLine();
            if (line == null) {
                return 0;
            }
            if (!line.isBlank()) {
                ask(client, conversation, line);
            }
        }
    }

    /** The terminal's charset, as for arguments and output; files are read with another one. */
    private static Charset typed() {
        return Charset.forName(
                System.getProperty("stdin.encoding", Charset.defaultCharset().name()));
    }

    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again without a terminal
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private void ask(ChatClient client, List<Message> conversation, String question)
            throws CommandException {
        conversation.add(new Message("user", question));
        conversation.add(new Message("assistant", client.ask(model, conversation, this::write)));
        write(System.lineSeparator());
    }

    private void write(String text) {
        Printed.text(spec, text);
    }
}
