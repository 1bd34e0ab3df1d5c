package dev.weft.model.chat.jinja.value;

/** Text being written, within the budget. */
public final class Out {
    private final StringBuilder text = new StringBuilder();

    public Out append(String more) {
        Budget.room((long) text.length() + more.length());
        text.append(more);
        return this;
    }

    public Out append(char more) {
        Budget.room(text.length() + 1L);
        text.append(more);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
