package dev.weft.inference.relay.process;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The command line of a server, and what its environment has besides.
 *
 * @param words the program first
 */
public record ServerCommand(List<String> words, Map<String, String> environment) {
    private static final String CHECKPOINT = "{checkpoint}";

    public ServerCommand {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    /**
     * An operator's command with what Weft needs. An option that the operator gives stays as given.
     * The checkpoint takes the place of the word {@code {checkpoint}}, else it follows the
     * command's first words, before its first option.
     */
    public static ServerCommand of(Dialect dialect, ServerPlan plan, List<String> given) {
        Dialect.Launch launch = dialect.launch(plan);
        List<String> words = new ArrayList<>(given);
        String folder = plan.checkpoint().toString();
        if (words.contains(CHECKPOINT)) {
            words.replaceAll(word -> word.equals(CHECKPOINT) ? folder : word);
        } else {
            words.addAll(firstOption(words), dialect.checkpoint(folder));
        }
        for (Dialect.Option option : launch.options()) {
            boolean has =
                    given.stream()
                            .anyMatch(word ->
                                    word.equals(option.name())
                                            || word.startsWith(option.name() + "="));
            if (!has) {
                words.add(option.name());
                if (!option.value().isEmpty()) {
                    words.add(option.value());
                }
            }
        }
        return new ServerCommand(words, launch.environment());
    }

    private static int firstOption(List<String> words) {
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).startsWith("-")) {
                return i;
            }
        }
        return words.size();
    }

    /** The command as one types it into a shell. */
    @Override
    public String toString() {
        String variables =
                new TreeMap<>(environment)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()) + " ")
                                .collect(Collectors.joining());
        return variables
                + words.stream().map(ServerCommand::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }
}
