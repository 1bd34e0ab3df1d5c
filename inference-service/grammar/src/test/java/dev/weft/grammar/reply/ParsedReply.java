package dev.weft.grammar.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.reply.format.ReplyRule;
import dev.weft.grammar.reply.parser.ReplyParser;
import dev.weft.grammar.reply.parser.ReplyPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A reply as its reader has it. */
record ParsedReply(String text, String thought, List<String> names, List<String> arguments) {
    private static ParsedReply of(List<ReplyPart> parts) {
        StringBuilder text = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        List<String> names = new ArrayList<>();
        Map<Integer, String> arguments = new TreeMap<>();
        for (ReplyPart part : parts) {
            switch (part) {
                case ReplyPart.Text(String more) -> text.append(more);
                case ReplyPart.Thinking(String more) -> thought.append(more);
                case ReplyPart.CallBegin(int call, String name) -> {
                    assertThat(call).isEqualTo(names.size());
                    names.add(name);
                    arguments.put(call, "");
                }
                case ReplyPart.CallArguments(int call, String json) -> {
                    assertThat(call).isEqualTo(names.size() - 1);
                    arguments.merge(call, json, String::concat);
                }
            }
        }
        return new ParsedReply(
                text.toString(), thought.toString(), names, List.copyOf(arguments.values()));
    }

    /** The same from the whole text, from its characters, and from pieces cut at random. */
    static ParsedReply inAnyPieces(ReplyRule rule, String text, Random random) {
        ParsedReply whole = parsed(rule, List.of(text));
        assertThat(parsed(rule, text.codePoints().mapToObj(Character::toString).toList()))
                .isEqualTo(whole);
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(12));
            pieces.add(text.substring(from, to));
            from = to;
        }
        assertThat(parsed(rule, pieces)).isEqualTo(whole);
        return whole;
    }

    private static ParsedReply parsed(ReplyRule rule, List<String> pieces) {
        ReplyParser parser = new ReplyParser(rule);
        List<ReplyPart> parts = new ArrayList<>();
        pieces.forEach(piece -> parts.addAll(parser.add(piece)));
        parts.addAll(parser.finish());
        return of(parts);
    }
}
