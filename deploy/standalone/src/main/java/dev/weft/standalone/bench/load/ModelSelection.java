package dev.weft.standalone.bench.load;

import dev.weft.standalone.failure.CommandException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The served models to ask: names, names with {@code *}, {@code all}, and {@code -NAME} to leave
 * one out again.
 */
public record ModelSelection(List<String> items) {
    private static final int SHOWN = 10;

    public ModelSelection {
        items = List.copyOf(items);
        if (items.isEmpty()
                || items.stream().anyMatch(item -> item.isBlank() || item.equals("-"))) {
            throw new IllegalArgumentException(
                    "'%s' is not allowed: all, or names with commas between, *, and -NAME to leave"
                                    .formatted(String.join(",", items))
                            + " one out");
        }
    }

    /** Reads {@code a,b,lora-00*,-a}. */
    public static ModelSelection parse(String text) {
        return new ModelSelection(Stream.of(text.split(",", -1)).map(String::strip).toList());
    }

    /** True if all items are plain names, so that no list of the server's models is needed. */
    public boolean isExplicit() {
        return items.stream()
                .noneMatch(i -> i.equals("all") || i.startsWith("-") || i.indexOf('*') >= 0);
    }

    /**
     * The models in the order of the items, and within an item in the order of the server's list.
     */
    public List<String> of(List<String> served) throws CommandException {
        Set<String> chosen = new LinkedHashSet<>();
        for (String item : items) {
            boolean out = item.startsWith("-");
            List<String> matching = matching(out ? item.substring(1) : item, served);
            if (out) {
                matching.forEach(chosen::remove);
            } else {
                chosen.addAll(matching);
            }
        }
        if (chosen.isEmpty()) {
            throw new CommandException("--models " + this + " leaves no model");
        }
        return List.copyOf(chosen);
    }

    private static List<String> matching(String item, List<String> served) throws CommandException {
        if (item.equals("all")) {
            return served;
        }
        Pattern pattern =
                Pattern.compile(
                        Stream.of(item.split("\\*", -1))
                                .map(Pattern::quote)
                                .collect(Collectors.joining(".*")));
        List<String> matching =
                served.stream().filter(name -> pattern.matcher(name).matches()).toList();
        if (matching.isEmpty()) {
            throw new CommandException(
                    "--models: the server has no '%s'; it lists %d: %s%s"
                            .formatted(
                                    item,
                                    served.size(),
                                    String.join(", ", served.stream().limit(SHOWN).toList()),
                                    served.size() > SHOWN ? ", ..." : ""));
        }
        return matching;
    }

    @Override
    public String toString() {
        return String.join(",", items);
    }
}
