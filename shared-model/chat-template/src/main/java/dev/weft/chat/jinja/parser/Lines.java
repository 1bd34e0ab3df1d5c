package dev.weft.chat.jinja.parser;

import dev.weft.chat.jinja.syntax.TemplatePosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Line and column of offsets into a template. */
final class Lines {
    private final List<Integer> starts = new ArrayList<>();

    Lines(String source) {
        starts.add(0);
        for (int i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) {
            starts.add(i + 1);
        }
    }

    TemplatePosition position(int offset) {
        int found = Collections.binarySearch(starts, offset);
        int line = found >= 0 ? found : -found - 2;
        return new TemplatePosition(line + 1, offset - starts.get(line) + 1);
    }
}
