package dev.weft.deployment;

import java.util.regex.Pattern;

/** R2DBC address of a PostgreSQL; its password is never shown. */
record DatabaseType() implements KeyType.OfText<String> {
    private static final Pattern SHAPE = Pattern.compile("r2dbc:(pool:)?postgresql://\\S+");
    private static final Pattern PASSWORD = Pattern.compile("(://[^:/@\\s]*):[^@\\s]*@");

    @Override
    public String parse(String text) throws InvalidValueException {
        if (!SHAPE.matcher(text).matches()) {
            throw refused(masked(text));
        }
        return text;
    }

    @Override
    public String allowed() {
        return "r2dbc:postgresql://user:password@host:5432/name";
    }

    @Override
    public Object plain(String value) {
        return masked(value);
    }

    private static String masked(String text) {
        return PASSWORD.matcher(text).replaceAll("$1:***@");
    }
}
