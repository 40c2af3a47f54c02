import ProcNet
print("x")
