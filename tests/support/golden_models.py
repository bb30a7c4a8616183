#!/usr/bin/env python3
"""golden_models.py SHARED OUT [PATTERN]: the golden models whose names match the regular expression, as files to import, and their rows as COPY text.

OUT/files.txt   case, path of its model file, library (one line a case)
OUT/rows.txt    case, number of the row, features as float8[], margins as float8[], prediction (NULL for several classes)
OUT/shap.txt    case, number of the row, contributions as bourse.shap orders them
Fields are separated by tabs. Cases of linear models, forests and networks of other makers are not among them.
"""
import csv, gzip, io, json, pathlib, re, sys


def read(path):
    packed = path.with_name(path.name + ".gz")
    if path.exists():
        return path.read_bytes()
    return gzip.decompress(packed.read_bytes()) if packed.exists() else None


def table(path):
    content = read(path)
    if content is None:
        return [], []
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    return rows[0], rows[1:]


def array(values):
    return "{" + ",".join(v if v != "" else "NULL" for v in values) + "}"


def columns(header, stem, outputs):
    """Positions of stem, or of stem_0, stem_1, … ; empty when there are none."""
    if outputs == 1 and stem in header:
        return [header.index(stem)]
    names = [f"{stem}_{k}" for k in range(outputs)]
    return [header.index(n) for n in names] if all(n in header for n in names) else []


def main():
    golden, out = pathlib.Path(sys.argv[1]) / "spec/models_golden", pathlib.Path(sys.argv[2])
    pattern = sys.argv[3] if len(sys.argv) > 3 else ""
    with open(out / "files.txt", "w") as files, open(out / "rows.txt", "w") as rows, open(out / "shap.txt", "w") as shaps:
        for case in sorted(golden.iterdir()):
            library = {"x": "xgboost", "l4": "lightgbm"}.get("l4" if case.name.startswith("l4_") else case.name[:1])
            if library is None or not case.is_dir() or not re.search(pattern, case.name):
                continue
            if not (case.name.startswith("l4_") or case.name[1].isdigit()):
                continue
            about = json.loads(read(case / "case.json"))
            for kind in ("json", "ubj", "txt"):
                content = read(case / f"model.{kind}")
                if content is None:
                    continue
                path = out / f"{case.name}.{kind}"
                path.write_bytes(content)
                files.write(f"{case.name}\t{path}\t{library}\t{kind}\n")
            missing = about.get("missing")
            header, inputs = table(case / "inputs.csv")
            expected_header, expected = table(case / "expected.csv")
            outputs = max(1, sum(h.startswith("margin_") and h[7:].isdigit() for h in expected_header))
            margins = columns(expected_header, "margin", outputs)
            predicted = expected_header.index("pred") if "pred" in expected_header else None
            for n, (given, wanted) in enumerate(zip(inputs, expected)):
                if isinstance(missing, (int, float)) and not isinstance(missing, bool):
                    given = ["" if g != "" and float(g) == missing else g for g in given]
                prediction = (wanted[predicted] if predicted is not None else "") or "\\N"
                rows.write(f"{case.name}\t{n}\t{array(given)}\t{array([wanted[m] or 'NaN' for m in margins])}\t{prediction}\n")
            header, shap = table(case / "shap.csv")
            width = len(inputs[0])
            for n, row in enumerate(shap):
                order = []
                for k in range(outputs):
                    stem = "phi_" if outputs == 1 else f"phi_{k}_"
                    order += [header.index(f"{stem}{j}") for j in [*range(width), "bias"]]
                shaps.write(f"{case.name}\t{n}\t{array([row[c] for c in order])}\n")


main()
