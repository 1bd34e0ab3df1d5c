package dev.weft.catalog.database;

import dev.weft.protocol.adapter.LinearModule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The column {@code modules} of a table: names of linear modules with commas between them. */
public final class ModuleColumn {
    private ModuleColumn() {}

    /** What the column has; empty for none. */
    public static String text(Collection<LinearModule> modules) {
        return modules.stream().map(LinearModule::name).collect(Collectors.joining(","));
    }

    /** The modules of a row. */
    public static SortedSet<LinearModule> read(ResultSet row) throws SQLException {
        return Arrays.stream(Rows.text(row, "modules").split(",", -1))
                .filter(name -> !name.isEmpty())
                .map(LinearModule::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
