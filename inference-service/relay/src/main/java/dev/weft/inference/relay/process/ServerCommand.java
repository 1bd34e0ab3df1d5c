package dev.weft.inference.relay.process;

import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The command line of a server, and what its environment has besides.
 *
 * @param words the program first
 * @param files texts of the files that the words name, by their paths
 */
public record ServerCommand(
        List<String> words, Map<String, String> environment, Map<Path, String> files) {
    private static final String CHECKPOINT = "{checkpoint}";
    private static final String MODULE = "-m";
    private static final Set<String> LOOPBACK = Set.of("", "127.0.0.1", "localhost");

    public ServerCommand {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
        files = Map.copyOf(files);
    }

    /**
     * An operator's command with what Weft needs. An option that the operator gives stays as given,
     * unless it contradicts what the worker expects of its server. The checkpoint replaces the word
     * {@code {checkpoint}}. If there is no such word, a checkpoint that is not an option follows
     * the command's first words, before its first option.
     *
     * @throws IllegalStateException if an option contradicts the worker; names it, and what is
     *     allowed
     */
    public static ServerCommand of(Dialect dialect, ServerPlan plan, List<String> given) {
        Dialect.Launch launch = dialect.launch(plan);
        GivenOptions options = new GivenOptions(given);
        options.check(dialect, launch.options());
        List<String> words = new ArrayList<>(given);
        String folder = plan.base().checkpoint().toString();
        if (words.contains(CHECKPOINT)) {
            words.replaceAll(word -> word.equals(CHECKPOINT) ? folder : word);
        } else {
            List<String> checkpoint = dialect.checkpoint(folder);
            boolean isOption = checkpoint.getFirst().startsWith("-");
            words.addAll(isOption ? words.size() : firstOption(words), checkpoint);
        }
        for (Dialect.Option option : launch.options()) {
            if (!options.has(option.name())) {
                words.add(option.name());
                if (!option.value().isEmpty()) {
                    words.add(option.value());
                }
            }
        }
        Map<Path, String> files = new HashMap<>(launch.files());
        files.keySet().removeIf(file -> !words.contains(file.toString()));
        return new ServerCommand(words, launch.environment(), files);
    }

    /**
     * The port that an operator's command names; empty if it names none.
     *
     * @throws IllegalStateException if it is not a port
     */
    public static OptionalInt port(List<String> given) {
        return new GivenOptions(given).port();
    }

    /** The address at which others reach the server past the worker; empty if it is on loopback. */
    public Optional<String> exposed() {
        String host = new GivenOptions(words).host();
        return LOOPBACK.contains(host) ? Optional.empty() : Optional.of(host);
    }

    /** Writes the files. */
    public void writeFiles() throws IOException {
        for (Map.Entry<Path, String> file : files.entrySet()) {
            Path folder = file.getKey().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file.getKey(), file.getValue());
        }
    }

    private static int firstOption(List<String> words) {
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).equals(MODULE)) {
                i++; // Python's, and the module's name
            } else if (words.get(i).startsWith("-")) {
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
