package dev.weft.format.lora.array;

import dev.weft.format.lora.array.ArrayPair.Row;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that arrays beside adapter_model.safetensors have the same content, up to the rounding of
 * their type. Otherwise one folder would be two adapters, and the engine would decide which one
 * answers.
 */
public final class ArrayComparison {
    /**
     * The allowed relative difference: three roundings to bfloat16, the coarsest type, with room to
     * spare.
     */
    private static final float RELATIVE = 1f / 64;

    /** The allowed absolute difference: below it, float16 has only a few digits. */
    private static final float ABSOLUTE = 1e-6f;

    private static final String ADVICE =
            "remove the two .npy files, or write them anew with 'weft adapters convert'";

    private final Map<ModulePath, Row> rows = new HashMap<>();
    private final Reasons reasons;

    public ArrayComparison(ArrayPair arrays, Reasons reasons) {
        this.reasons = reasons;
        arrays.rows().forEach(row -> rows.put(row.module(), row));
    }

    public void compare(List<LoraPair> pairs) {
        for (LoraPair pair : pairs) {
            ModulePath module = new ModulePath(pair.layer(), pair.module());
            compare(pair, module, rows.remove(module));
        }
        rows.values().forEach(row -> differ(row.index(), "a row for " + row.module().text()));
    }

    private void compare(LoraPair pair, ModulePath module, @Nullable Row row) {
        if (row == null) {
            differ(-1, "no row for " + module.text());
        } else if (row.rank() != pair.rank()) {
            differ(row.index(), "rank " + row.rank() + " for rank " + pair.rank());
        } else {
            compare(row, row.a(), pair.a(), 1);
            compare(row, row.b(), pair.b(), pair.scale());
        }
    }

    private void compare(Row row, Tensor found, Tensor expected, float scale) {
        for (long i = 0; i < found.elements(); i++) {
            float want = expected.get(i) * scale;
            float is = found.get(i);
            boolean near = Math.abs(is - want) <= RELATIVE * Math.abs(want) + ABSOLUTE;
            if (!near && Float.isFinite(want)) {
                differ(row.index(), is + " for " + want + " of " + expected.name() + ", scaled");
                return;
            }
        }
    }

    private void differ(int row, String found) {
        reasons.refuse(
                LoraFault.ARRAYS_DIFFER,
                new Reasons.Location(AdapterFiles.WEIGHTS_ARRAY, row < 0 ? null : "row " + row),
                found,
                "what " + AdapterFiles.TENSORS + " says",
                "is another adapter than the one beside it; " + ADVICE);
    }
}
