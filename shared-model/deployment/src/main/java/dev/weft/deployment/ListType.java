package dev.weft.deployment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list: one of YAML's, or text with commas, which is what fits a command line. */
record ListType<T>(KeyType.OfText<T> item) implements KeyType<List<T>> {
    static <T> KeyType<List<T>> of(KeyType<T> item) {
        if (item instanceof KeyType.OfText<T> text) {
            return new ListType<>(text);
        }
        throw new IllegalArgumentException("a list of " + item + " can't be written with commas");
    }

    @Override
    public List<T> read(YamlNode node) throws InvalidValueException {
        var values = new ArrayList<T>();
        switch (node) {
            case YamlNode.Items(List<YamlNode> items, Origin _) -> {
                for (YamlNode one : items) {
                    values.add(item.read(one));
                }
            }
            case YamlNode.Scalar scalar -> {
                for (String one : Arrays.asList(scalar.text().split(","))) {
                    values.add(item.parse(one.strip()));
                }
            }
            case YamlNode.Fields fields ->
                    throw new InvalidValueException(
                            fields.kind() + " is not allowed: " + allowed());
        }
        return values;
    }

    @Override
    public String allowed() {
        return "a list, or text with commas, of " + item.allowed();
    }

    @Override
    public Object plain(List<T> value) {
        var all = new ArrayList<@Nullable Object>();
        value.forEach(one -> all.add(item.plain(one)));
        return all;
    }
}
